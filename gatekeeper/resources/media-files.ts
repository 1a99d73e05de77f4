import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { limits } from '#gia/schemas';
import { refuse } from '../server/refusal.ts';
import type { MediaRow } from '../store/media.ts';

/**
 * Writes a piece behind what is there, as it comes, and returns where the next one begins. Of a piece that breaks off, what came
 * is not counted.
 */
export async function writePiece(
  path: string,
  { offset_bytes, size_bytes }: MediaRow,
  body: Readable,
): Promise<number> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, offset_bytes === 0 ? 'w' : 'r+', 0o600);
  try {
    let at = offset_bytes;
    // The answer goes by the same connection, so that is not ended.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      if (
        at + chunk.length > size_bytes ||
        at + chunk.length - offset_bytes > limits.mediaPieceBytes
      )
        refuse(
          'payload_too_large',
          `A piece has at most ${limits.mediaPieceBytes} bytes, and the file ${size_bytes}`,
        );
      await file.write(chunk, 0, chunk.length, at);
      at += chunk.length;
    }
    await file.datasync();
    return at;
  } finally {
    await file.close();
  }
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('base64url');
}

export const removeFile = (path: string): Promise<void> => rm(path, { force: true });
