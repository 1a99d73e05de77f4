import { z } from 'zod';
import { base64url, DeviceId, Suite, UserRef } from './common.ts';
import { AccountKey } from './jwk.ts';
import { limits } from './limits.ts';

export const deviceKinds = ['phone', 'desktop', 'bridge', 'bot'] as const;

export const Device = z
  .object({
    id: DeviceId,
    kind: z
      .enum(deviceKinds)
      .describe('`bridge` and `bot` must say so: what is found undeclared is suspended.'),
    operator: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe('Of a bridge or a bot that is not operated by its user: who.'),
    purpose: z.string().max(255).optional().describe('Of a bot: what it does.'),
    display: z.string().max(128).optional(),
    signature_keys: z
      .record(Suite, base64url(128))
      .optional()
      .describe('By suite, the public key that its key packages are signed with.'),
  })
  .meta({ id: 'Device' });
export type Device = z.infer<typeof Device>;

/** The payload of the JWS. Clients refuse a device that is not on the list, whatever a server says. */
export const DeviceList = z
  .object({
    v: z.int().positive().describe('One more with each list.'),
    user_ref: UserRef,
    devices: z.array(Device).max(limits.devicesPerUser),
    iat: z.int().nonnegative(),
    exp: z.int().nonnegative().describe('At most a year after `iat`; renew it before.'),
  })
  .meta({ id: 'DeviceList' });
export type DeviceList = z.infer<typeof DeviceList>;

/** The protected header of the JWS. */
export const DeviceListHeader = z
  .object({ alg: z.literal('EdDSA'), typ: z.literal('gia-devices+jws'), jwk: AccountKey })
  .meta({ id: 'DeviceListHeader' });

const Jws = z
  .string()
  .max(32 * 1024)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)
  .describe(
    'A DeviceList as compact JWS, signed by the account key, which its header carries as `jwk`.',
  );

export const DeviceListPut = z
  .object({
    list: Jws,
    reset: z
      .boolean()
      .optional()
      .describe('The account key was lost, this is a new one. Whoever talks to the user is told.'),
  })
  .describe('All devices of a user. What was listed and is not any more is deleted.')
  .meta({ id: 'DeviceListPut' });

export const DeviceListState = z
  .object({
    user_ref: UserRef,
    v: z.int().nonnegative().describe('0: there never was a list.'),
    list: Jws.optional(),
  })
  .meta({ id: 'DeviceListState' });
export type DeviceListState = z.infer<typeof DeviceListState>;
