import { z } from 'zod';
import { Domain, Sha256, VisibleId } from './common.ts';

/** The `typ` of the JWS headers: a token of one kind is never taken for another. */
export const tokenTypes = {
  request: 'gia-request+jwt',
  user: 'gia-user+jwt',
  deviceList: 'gia-devices+jws',
} as const;

export const tokenAlgorithms = ['EdDSA', 'ES256'] as const;

const seconds = z.int().nonnegative().describe('Seconds since 1970-01-01 UTC.');
const Audience = z
  .string()
  .max(512)
  .describe('The origin of the gatekeeper, such as `https://gia.alicechat.example`.');

/** Signed by the provider, for one request only. */
export const RequestToken = z
  .object({
    iss: Domain.describe('The provider.'),
    aud: Audience,
    iat: seconds,
    exp: seconds.describe('At most 300 s after `iat`.'),
    jti: z.string().min(16).max(128).describe('Never used twice.'),
    htm: z.string().max(16).describe('The method, in capitals.'),
    htu: z.string().max(4096).describe('The URL as requested: origin, path, and query if any.'),
    bh: Sha256.describe('Of the bytes of the body; of no bytes where there is none.'),
  })
  .meta({ id: 'RequestToken' });
export type RequestToken = z.infer<typeof RequestToken>;

/** Signed by the provider: this person is ours, proved who they are, and asked to be enlisted. */
export const UserToken = z
  .object({
    iss: Domain.describe('The provider.'),
    sub: VisibleId.describe('Who is enlisted: the same as `visible_id`.'),
    aud: Audience,
    iat: seconds,
    exp: seconds.describe('At most 600 s after `iat`.'),
    nonce: z.string().min(16).max(128).describe('Never used twice.'),
    auth_time: seconds.describe('When the provider last saw proof of who that is.'),
    acr: z.string().max(128).optional().describe('What kind of proof that was.'),
  })
  .meta({ id: 'UserToken' });
export type UserToken = z.infer<typeof UserToken>;
