import { createDecipheriv, createHash, type DecipherGCM } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import type { FileItem, Seal } from '../content/index.ts';
import { BadFile } from './refusal.ts';
import { ALGORITHM, SEAL_BYTES } from './seal.ts';

export interface Opening {
  /** What lies at `url`, as it is received. */
  readonly source: AsyncIterable<Uint8Array>;
  readonly item: Pick<FileItem, 'seal' | 'sha256' | 'sizeBytes'>;
  /** Where it may lie, still encrypted, until it is read: a path that does not exist. It is unlinked at once: a crash leaves nothing. */
  readonly file: string;
  /** What is larger is refused while it is received. */
  readonly maxBytes: number;
}

export interface Opened {
  readonly sizeBytes: number;
  /** Read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Where `bytes` are not read after all. */
  close(): Promise<void>;
}

/**
 * Receives a file, and gives it out only once all of it was seen and found to be what its sender sealed: until the last byte is there
 * nobody knows. So it waits on the disk as it came, and is decrypted twice: to check it, and while it is read.
 * @throws BadFile
 */
export async function openFile({ source, item, file, maxBytes }: Opening): Promise<Opened> {
  const handle = await open(file, 'wx+', 0o600);
  try {
    await unlink(file);
    const sizeBytes = await receive(source, { item, handle, maxBytes });
    return { sizeBytes, bytes: read(handle, sizeBytes, item.seal), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

interface Receiving {
  readonly item: Opening['item'];
  readonly handle: FileHandle;
  readonly maxBytes: number;
}

/** @returns the size of the file without its seal */
async function receive(
  source: AsyncIterable<Uint8Array>,
  { item, handle, maxBytes }: Receiving,
): Promise<number> {
  const hash = createHash('sha256');
  const check = checking(item.seal);
  let total = 0;
  for await (const piece of source) {
    total += piece.length;
    if (total > maxBytes) throw new BadFile('too_large', `more than ${maxBytes} bytes`);
    hash.update(piece);
    check.update(piece);
    await handle.writeFile(piece);
  }
  const isSize = item.sizeBytes === undefined || item.sizeBytes === total;
  const isHash = !item.sha256 || hash.digest().equals(item.sha256);
  if (!isSize || !isHash)
    throw new BadFile('tampered', 'another size or hash than its sender said');
  check.end();
  return item.seal ? total - SEAL_BYTES : total;
}

/** The last bytes of what comes are the seal; which are the last is known at the end only. */
function checking(seal: Seal | undefined) {
  if (!seal) return { update: () => {}, end: () => {} };
  const decipher = decipherOf(seal);
  let last = Buffer.alloc(0);
  return {
    update(piece: Uint8Array) {
      const all = Buffer.concat([last, piece]);
      const cut = Math.max(0, all.length - SEAL_BYTES);
      decipher.update(all.subarray(0, cut));
      last = all.subarray(cut);
    },
    end() {
      if (last.length < SEAL_BYTES) throw new BadFile('tampered', 'it is shorter than a seal');
      checkSeal(decipher.setAuthTag(last));
    },
  };
}

function checkSeal(decipher: DecipherGCM): void {
  try {
    decipher.final();
  } catch {
    throw new BadFile('tampered', 'its seal is broken');
  }
}

function decipherOf({ key, nonce, aad }: Seal): DecipherGCM {
  return createDecipheriv(ALGORITHM, key, nonce).setAAD(aad);
}

const PIECE_BYTES = 64 * 1024;

async function* read(
  handle: FileHandle,
  sizeBytes: number,
  seal: Seal | undefined,
): AsyncIterable<Uint8Array> {
  try {
    const decipher = seal && decipherOf(seal);
    for (let at = 0; at < sizeBytes; ) {
      const length = Math.min(PIECE_BYTES, sizeBytes - at);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
      if (bytesRead === 0) throw new Error('the file became shorter');
      at += bytesRead;
      const piece = buffer.subarray(0, bytesRead);
      yield decipher ? decipher.update(piece) : piece;
    }
  } finally {
    await handle.close();
  }
}
