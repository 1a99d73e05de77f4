import { createHash, randomBytes } from 'node:crypto';
import {
  CompactSign,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWK,
  SignJWT,
} from 'jose';
import type { Device } from '../../../gia/schemas/index.ts';

export type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** A key pair, whose public half has a `kid`. */
export async function keyPair(): Promise<{ jwk: JWK; privateKey: PrivateKey }> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { jwk: { ...jwk, kid: await calculateJwkThumbprint(jwk) }, privateKey };
}

export const random = () => randomBytes(16).toString('base64url');
export const hashOf = (body: string | Uint8Array) =>
  createHash('sha256').update(body).digest('base64url');

/** Signs claims. What is wrong with them on purpose is given in `claims`. */
export const signed = (
  claims: Record<string, unknown>,
  { privateKey, kid, typ }: { privateKey: PrivateKey; kid: string; typ: string },
) => new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ, kid }).sign(privateKey);

export interface Account {
  readonly jwk: JWK;
  readonly privateKey: PrivateKey;
}

/** A device list as it is put. */
export async function deviceList(
  userRef: string,
  v: number,
  devices: readonly Partial<Device>[],
  account: Account,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const list = {
    v,
    user_ref: userRef,
    devices: devices.map((device) => ({ kind: 'phone', ...device })),
    iat,
    exp: iat + 30 * 24 * 60 * 60,
  };
  const { kty, crv, x } = account.jwk;
  return new CompactSign(Buffer.from(JSON.stringify(list)))
    .setProtectedHeader({
      alg: 'EdDSA',
      typ: 'gia-devices+jws',
      jwk: { kty: kty ?? '', crv: crv ?? '', x: x ?? '' },
    })
    .sign(account.privateKey);
}
