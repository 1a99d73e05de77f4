import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { MediaRef } from '#adapter';
import type { Seal } from '#gia';

/** A file of Matrix, as the gatekeeper may fetch it. */
export interface Offered {
  readonly ref: MediaRef;
  readonly seal: Pick<Seal, 'key' | 'nonce'>;
  /** With its seal. */
  readonly sizeBytes: number;
  readonly untilSeconds: number;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** All that is to be known of the file, encrypted: nothing is stored, and only we can make a path. */
export function pathTo(offered: Offered, key: Uint8Array): string {
  const { ref, seal, sizeBytes, untilSeconds } = offered;
  const text = JSON.stringify([ref, base64(seal.key), base64(seal.nonce), sizeBytes, untilSeconds]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  const parts = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(parts).toString('base64url');
}

/** `undefined`: we did not make it. */
export function offeredAt(path: string, key: Uint8Array): Offered | undefined {
  const bytes = Buffer.from(path, 'base64url');
  // Of several spellings of the same bytes only one is ours.
  if (bytes.length <= NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== path)
    return undefined;
  const text = decrypted(bytes, key);
  if (text === undefined) return undefined;
  const [ref, sealKey, nonce, sizeBytes, untilSeconds] = JSON.parse(text);
  return { ref, seal: { key: bytesOf(sealKey), nonce: bytesOf(nonce) }, sizeBytes, untilSeconds };
}

function decrypted(bytes: Buffer, key: Uint8Array): string | undefined {
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]).toString();
  } catch {
    return undefined;
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
