import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A stream that was written down, so that its size is known and it can be read again. */
export interface Spooled {
  readonly sizeBytes: number;
  open(): Readable;
  /** To be called once, whatever became of it. */
  remove(): Promise<void>;
}

class TooLarge extends Error {}

/** Writes a stream to a file that only this user may read. `undefined`: it has more than `maxBytes`. */
export async function spool(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Spooled | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-upload-'));
  const path = join(folder, 'file');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(bounded(bytes, maxBytes), createWriteStream(path, { mode: 0o600 }));
    const { size } = await stat(path);
    return { sizeBytes: size, open: () => createReadStream(path), remove };
  } catch (error) {
    await remove();
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

async function* bounded(bytes: AsyncIterable<Uint8Array>, maxBytes: number) {
  let sizeBytes = 0;
  for await (const chunk of bytes) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw new TooLarge();
    yield chunk;
  }
}
