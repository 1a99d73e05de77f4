import { z } from 'zod';

/** Bytes in the alphabet of RFC 4648 section 5, without `=`. */
export const base64url = (maxBytes: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]*$/)
    .max(Math.ceil((maxBytes * 4) / 3));

export const Sha256 = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .describe('SHA-256, as base64url without padding.')
  .meta({ id: 'Sha256' });

export const UserRef = z
  .string()
  .regex(/^ix:\d{1,9}:[0-9a-f]{32}$/)
  .describe(
    'A user: `ix:`, the integrator, `:`, 32 hex digits. Integrator 0 is the gatekeeper itself. ' +
      'It says nothing of who that is elsewhere.',
  )
  .meta({ id: 'UserRef' });

export const DeviceId = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/)
  .describe('Chosen by the user of the device; unique for this user.')
  .meta({ id: 'DeviceId' });

export const DeviceAddress = z
  .object({ user_ref: UserRef, device: DeviceId })
  .meta({ id: 'DeviceAddress' });
export type DeviceAddress = z.infer<typeof DeviceAddress>;

export const ConvId = z
  .string()
  .regex(/^cv_[A-Za-z0-9_-]{16,64}$/)
  .describe('A conversation.')
  .meta({ id: 'ConvId' });

export const MsgId = z
  .string()
  .regex(/^ms_[A-Za-z0-9_-]{16,64}$/)
  .describe('A message, by the name that the hub gave it.')
  .meta({ id: 'MsgId' });

export const Cursor = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,128}$/)
  .describe('A place in one stream of events. Opaque, and of no use in another stream.')
  .meta({ id: 'Cursor' });

export const Domain = z
  .string()
  .max(253)
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/)
  .describe('A domain in lower case, without a port.')
  .meta({ id: 'Domain' });

export const VisibleId = z
  .string()
  .min(3)
  .max(255)
  .regex(/^[^\s@]{1,128}@[a-z0-9.-]+$/)
  .describe('What people see and search for: a name, `@`, the domain of the provider.')
  .meta({ id: 'VisibleId' });

export const Suite = z
  .string()
  .regex(/^[a-z0-9.]{1,32}\/\d{1,4}$/)
  .describe('How payloads are made: `mls10/1` or `e2b/1`. Others may come.')
  .meta({ id: 'Suite' });

export const Millis = z
  .int()
  .nonnegative()
  .describe('Milliseconds since 1970-01-01 UTC.')
  .meta({ id: 'Millis' });

export const Seq = z
  .int()
  .positive()
  .describe('The place in the order of its conversation, from 1. It only ever grows.')
  .meta({ id: 'Seq' });

export const HttpsUrl = z
  .string()
  .max(2048)
  .regex(/^https:\/\/[^\s]+$/)
  .meta({ id: 'HttpsUrl' });

export const levels = ['L1', 'L2', 'L3', 'L4'] as const;

export const securityLevels = [
  'end_to_end',
  'end_to_user_bridge',
  'end_to_bridge',
  'transport_only',
] as const;

export const SecurityLevel = z
  .enum(securityLevels)
  .describe(
    'Who can read, from nobody but the people to more: `end_to_end`; `end_to_user_bridge`, a bridge on the own machine of ' +
      'its user; `end_to_bridge`, a bridge that somebody else operates; `transport_only`, the gatekeeper too.',
  )
  .meta({ id: 'SecurityLevel' });
export type SecurityLevel = z.infer<typeof SecurityLevel>;
