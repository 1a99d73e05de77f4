import { z } from 'zod';
import { base64url } from './common.ts';

/** Public keys only: a body with a private one is refused, so that nobody sends theirs by mistake. */
export const PublicJwk = z
  .object({
    kty: z.enum(['OKP', 'EC']),
    crv: z.enum(['Ed25519', 'P-256']),
    x: base64url(66),
    y: base64url(66).optional(),
    kid: z.string().min(1).max(128).optional(),
    alg: z.enum(['EdDSA', 'ES256']).optional(),
    use: z.literal('sig').optional(),
    d: z.never().optional().describe('A private key is never sent.'),
  })
  .meta({ id: 'PublicJwk' });

export const Jwks = z
  .object({ keys: z.array(PublicJwk).min(1).max(16) })
  .describe('Every key has a `kid`; the RFC 7638 thumbprint is a good one.')
  .meta({ id: 'Jwks' });
export type Jwks = z.infer<typeof Jwks>;

/** What signs the device lists of one user. */
export const AccountKey = z
  .object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url(32) })
  .meta({ id: 'AccountKey' });
export type AccountKey = z.infer<typeof AccountKey>;
