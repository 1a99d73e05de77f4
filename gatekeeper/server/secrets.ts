import { createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** Names from which nothing can be guessed. */
export const randomId = (prefix: string, bytes = 16): string =>
  prefix + randomBytes(bytes).toString('base64url');

export const sha256 = (data: string | Uint8Array): Buffer =>
  createHash('sha256').update(data).digest();

/** In a time that tells nothing of where they differ. */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

/** Keys for one purpose each, of a file beside the database: whoever has only the database has none of them. */
export type Secrets = (purpose: string) => Buffer;

export function readSecrets(path: string): Secrets {
  const key = readOrMake(path);
  return (purpose) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
}

function readOrMake(path: string): Buffer {
  try {
    writeFileSync(path, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = readFileSync(path);
  if (key.length !== 32)
    throw new Error(`${path} is no key of a gatekeeper: restore it from the backup of this folder`);
  return key;
}
