import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { sameSecret } from './secrets.ts';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('base64url')}.${(await derive(password, salt, 32)).toString('base64url')}`;
}

/** Takes as long where there is no such user, so that nobody learns who there is. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [salt = '', hash = ''] = (stored ?? 'AAAA.AAAA').split('.');
  const derived = await derive(password, Buffer.from(salt, 'base64url'), 32);
  return sameSecret(derived.toString('base64url'), hash) && stored !== null;
}
