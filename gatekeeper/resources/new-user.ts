import { randomBytes } from 'node:crypto';
import type { NewUser } from '../store/users.ts';

/** A user before the first word. Local and remote ones are made alike. */
export function newUser(
  user: Pick<NewUser, 'integrator' | 'provider' | 'visible_id' | 'name' | 'state' | 'created_ms'> &
    Partial<NewUser>,
): NewUser {
  return {
    user_ref: `ix:${user.integrator}:${randomBytes(16).toString('hex')}`,
    avatar_ref: null,
    discoverable: 1,
    tos_version: '1',
    password: null,
    ...user,
  };
}
