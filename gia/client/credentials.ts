import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import { schemes, tokenTypes } from '../schemas/index.ts';
import { signJws } from './jws.ts';

export interface Request {
  readonly method: string;
  /** As requested: origin, path and query. */
  readonly url: string;
  readonly body: Uint8Array;
}

/** What goes into `Authorization` of a request. */
export type Credentials = (request: Request) => string | undefined;

export const anonymous: Credentials = () => undefined;

/** A user of the gatekeeper itself: the token of a login. */
export const asLocalUser =
  (token: string): Credentials =>
  () =>
    `${schemes.localUser} ${token}`;

export interface Provider {
  readonly domain: string;
  /** As the provider publishes it. */
  readonly keyId: string;
  readonly key: KeyObject;
}

/** A short life: a request that waits longer than that in between is not worth making. */
const LIFE_SECONDS = 120;

/** A token for each request, that is good for this one only. */
export const asProvider =
  ({ domain, keyId, key }: Provider): Credentials =>
  ({ method, url, body }) => {
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      ...{ iss: domain, aud: new URL(url).origin, iat, exp: iat + LIFE_SECONDS },
      ...{ jti: randomBytes(18).toString('base64url'), htm: method, htu: url },
      bh: createHash('sha256').update(body).digest('base64url'),
    };
    return `${schemes.provider} ${signJws({ typ: tokenTypes.request, kid: keyId }, claims, key)}`;
  };

/** That a person is the provider's, and asked to be enlisted: for the body of `enlist`. */
export function userTokenOf(
  { domain, keyId, key }: Provider,
  { visibleId, audience, authTimeMs }: { visibleId: string; audience: string; authTimeMs: number },
): string {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    ...{ iss: domain, sub: visibleId, aud: audience, iat, exp: iat + LIFE_SECONDS },
    ...{ nonce: randomBytes(18).toString('base64url'), auth_time: Math.floor(authTimeMs / 1000) },
  };
  return signJws({ typ: tokenTypes.user, kid: keyId }, claims, key);
}
