import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { Seal } from '../content/index.ts';

export const SEAL_BYTES = 16;
export const ALGORITHM = 'aes-128-gcm';

/** What the container says of a file (`FileItem`), so that whoever reads it can open it, and nobody else. */
export interface SealedFile {
  readonly seal: Seal;
  /** With the seal: `SEAL_BYTES` more than the file. */
  readonly sizeBytes: number;
  readonly sha256: Uint8Array;
}

export interface Sealing {
  /** To be stored where the container points. Read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Once all of `bytes` was read. */
  file(): SealedFile;
}

export const newSeal = (): Seal => ({ key: fresh(16), nonce: fresh(12), aad: new Uint8Array() });

/**
 * Encrypts while it is read, and holds no more than a piece of it at a time.
 *
 * @param seal Absent: a new one. Given again it makes the same bytes of the same file. Never give it for another file: two under
 *   one key and nonce give both away.
 */
export function sealFile(source: AsyncIterable<Uint8Array>, seal: Seal = newSeal()): Sealing {
  let done: SealedFile | undefined;
  async function* bytes(): AsyncIterable<Uint8Array> {
    const cipher = createCipheriv(ALGORITHM, seal.key, seal.nonce).setAAD(seal.aad);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const out = (piece: Uint8Array) => {
      hash.update(piece);
      sizeBytes += piece.length;
      return piece;
    };
    for await (const piece of source) yield out(cipher.update(piece));
    cipher.final();
    yield out(cipher.getAuthTag());
    done = { seal, sizeBytes, sha256: new Uint8Array(hash.digest()) };
  }
  return {
    bytes: bytes(),
    file() {
      if (!done) throw new Error('the file was not read to its end');
      return done;
    },
  };
}

const fresh = (size: number) => new Uint8Array(randomBytes(size));
