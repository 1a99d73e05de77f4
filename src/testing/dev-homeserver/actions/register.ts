import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { Fault } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import { randomLetters } from './create-room.ts';

export const userIdOf = ({ serverName }: Homeserver, localpart: string) =>
  `@${localpart}:${serverName}`;

/** Makes an account whose display name is its name, as Synapse does. @throws {Fault} */
export function register(homeserver: Homeserver, userId: string, password?: string): void {
  if (homeserver.world.accounts.has(userId))
    throw new Fault(400, 'M_USER_IN_USE', 'User ID already taken.');
  const secret = password === undefined ? {} : { secret: hash(password) };
  homeserver.commit({ kind: 'account', userId, ...secret });
  const localpart = userId.slice(1, userId.indexOf(':'));
  homeserver.commit({ kind: 'profile', userId, field: 'displayname', value: localpart });
}

export interface NewSession {
  readonly user_id: string;
  readonly access_token: string;
  readonly device_id: string;
  readonly home_server: string;
}

export function startSession(
  homeserver: Homeserver,
  userId: string,
  device: { readonly id?: string | undefined; readonly displayName?: string | undefined },
): NewSession {
  const deviceId = device.id ?? randomLetters(10).toUpperCase();
  const token = `syt_${randomBytes(24).toString('base64url')}`;
  // An older session of the same device ends.
  if (homeserver.world.accounts.devicesOf(userId).has(deviceId))
    homeserver.commit({ kind: 'device-gone', userId, deviceId });
  homeserver.commit({
    kind: 'device',
    userId,
    deviceId,
    ...(device.displayName !== undefined && { displayName: device.displayName }),
  });
  homeserver.commit({ kind: 'token', token, userId, deviceId });
  return {
    user_id: userId,
    access_token: token,
    device_id: deviceId,
    home_server: homeserver.serverName,
  };
}

/** Weak on purpose: it guards accounts of a test, and is asked often. */
const SCRYPT_COST = { N: 256 };

export function hash(password: string): string {
  const salt = randomBytes(8).toString('hex');
  return `${salt}:${scryptSync(password, salt, 32, SCRYPT_COST).toString('hex')}`;
}

export function isPassword(secret: string, password: string): boolean {
  const [salt = '', digest = ''] = secret.split(':');
  const given = scryptSync(password, salt, 32, SCRYPT_COST);
  return timingSafeEqual(given, Buffer.from(digest, 'hex'));
}
