import { randomBytes, scrypt } from 'node:crypto';
import { sameSecret } from './secrets.ts';

/** How much work it is to try one; it is kept beside the hash, so that it can grow. */
const COST = 16_384;

const derive = (password: string, salt: Buffer, cost: number): Promise<string> =>
  new Promise((done, fail) => {
    scrypt(password, salt, 32, { N: cost }, (error, key) => {
      if (error === null) done(key.toString('base64url'));
      else fail(error);
    });
  });

export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(16);
  return `${cost}.${salt.toString('base64url')}.${await derive(password, salt, cost)}`;
}

/** Takes as long where there is no such user, so that nobody learns who there is. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [cost, salt = '', hash = ''] = (stored ?? `${COST}.AAAA.AAAA`).split('.');
  const derived = await derive(password, Buffer.from(salt, 'base64url'), Number(cost));
  return sameSecret(derived, hash) && stored !== null;
}
