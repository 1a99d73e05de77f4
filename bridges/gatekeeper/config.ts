import { z } from 'zod';

export const Config = z.strictObject({
  url: z
    .url({ protocol: /^https$/ })
    .default('https://gia.alicechat.example')
    .describe('Where the gatekeeper is: its origin.'),
  domain: z
    .string()
    .min(1)
    .default('example.org')
    .describe('Your own domain, as the gatekeeper has it in its registry.'),
  keyFile: z
    .string()
    .min(1)
    .default('gatekeeper-key.pem')
    .describe(
      'The Ed25519 key that signs your requests (PEM, PKCS 8): `openssl genpkey -algorithm ed25519`.',
    ),
  keyId: z
    .string()
    .min(1)
    .optional()
    .describe('What the gatekeeper knows the key by. Absent: its RFC 7638 thumbprint.'),
  caFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A certificate to trust (PEM), of a gatekeeper whose own no public authority signed.',
    ),
  operator: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('Who operates this bridge, as people over there read it. Absent: the domain.'),
  plainNamesOf: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The Matrix server whose users are called over there as here: ann@your.domain. Of all others the server is in the name.',
    ),
  suites: z
    .array(z.enum(['mls10/1', 'e2b/1']))
    .min(1)
    .default(['mls10/1', 'e2b/1'])
    .describe('How new conversations are encrypted: the first of these that the other side can.'),
  termsVersion: z
    .string()
    .max(64)
    .default('1')
    .describe('Which version of the terms of the gatekeeper your people have agreed to.'),
  maxFileBytes: z
    .int()
    .min(1)
    .max(512 * 1024 * 1024)
    .default(100 * 1024 * 1024)
    .describe('What a file may have at most, in either direction.'),
  findable: z
    .boolean()
    .default(false)
    .describe('People over there find yours by a part of their name, and not only by all of it.'),
});
export type Config = z.infer<typeof Config>;
