import { z } from 'zod';
import { checkLocal, propagateProfile } from '../actions/membership.ts';
import { Fault, notFound, refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';

const Any = z.record(z.string(), z.unknown());
const MAX_NAME_LENGTH = 256;
const MAX_URL_LENGTH = 1000;
const MAX_KEY_BYTES = 255;
const SHOWN = ['displayname', 'avatar_url'];

/** Names, pictures, and what else people say of themselves. */
export function profileRoutes(homeserver: Homeserver): readonly Route[] {
  return [
    ...client('GET', '/profile/:userId', (call) => {
      const profile = profileOf(homeserver, call.param('userId'));
      if (profile === undefined) throw refused('No row found (profiles)', 404);
      return Object.fromEntries(profile);
    }),
    ...client('GET', '/profile/:userId/:field', (call) => {
      const field = call.param('field');
      const profile = profileOf(homeserver, call.param('userId'));
      if (profile === undefined) throw notFound('Profile was not found');
      const value = profile.get(field);
      if (value === undefined && !SHOWN.includes(field)) throw notFound('No such profile field');
      return value === undefined ? {} : { [field]: value };
    }),
    ...client('PUT', '/profile/:userId/:field', (call) => put(homeserver, call)),
    ...client('DELETE', '/profile/:userId/:field', (call) => {
      set(homeserver, mayChange(homeserver, call), call.param('field'), undefined);
      return {};
    }),
  ];
}

function profileOf(homeserver: Homeserver, userId: string) {
  checkLocal(homeserver, userId);
  const { world } = homeserver;
  const profile = world.accounts.profileOf(userId);
  return profile;
}

async function put(homeserver: Homeserver, call: Call): Promise<object> {
  const userId = mayChange(homeserver, call);
  const field = call.param('field');
  if (Buffer.byteLength(field) > MAX_KEY_BYTES)
    throw new Fault(400, 'M_KEY_TOO_LARGE', 'Field name too long');
  const body = await call.json(Any);
  if (!(field in body)) throw new Fault(400, 'M_MISSING_PARAM', `Missing params: ${field}`);
  set(homeserver, userId, field, checked(field, body[field]));
  return {};
}

function mayChange(homeserver: Homeserver, call: Call): string {
  const { userId } = requester(homeserver, call);
  if (userId !== call.param('userId'))
    throw new Fault(400, 'M_FORBIDDEN', "Cannot set another user's profile");
  return userId;
}

function checked(field: string, value: unknown): unknown {
  if (!SHOWN.includes(field)) return value;
  if (typeof value !== 'string')
    throw new Fault(400, 'M_INVALID_PARAM', `'${field}' must be a string`);
  const text = field === 'displayname' ? value.trim() : value;
  const limit = field === 'displayname' ? MAX_NAME_LENGTH : MAX_URL_LENGTH;
  if ([...text].length > limit) throw refused(`${field} is too long (max ${limit})`);
  return text === '' ? undefined : text;
}

/** Sets it and, where it shows in rooms, writes it there. */
function set(homeserver: Homeserver, userId: string, field: string, value: unknown): void {
  homeserver.commit({ kind: 'profile', userId, field, ...(value !== undefined && { value }) });
  if (SHOWN.includes(field)) propagateProfile(homeserver, userId);
}
