import type { Participant, User } from '#gia/schemas';
import type { UserCaller } from '../server/handler.ts';
import { refuse } from '../server/refusal.ts';
import type { DeviceRow } from '../store/devices.ts';
import type { Store } from '../store/index.ts';
import type { UserRow } from '../store/users.ts';

/** As everybody may see it: alike for local and remote ones. */
export const userView = (row: UserRow): User => ({
  user_ref: row.user_ref,
  integrator: row.integrator,
  provider: row.provider,
  visible_id: row.visible_id,
  state: row.state,
  profile: { name: row.name, ...(row.avatar_ref !== null && { avatar_ref: row.avatar_ref }) },
});

/** A bot is one whoever else listens; a bridge is said so, with who operates it. */
export function participantView(row: UserRow, devices: readonly DeviceRow[]): Participant {
  const between =
    devices.find(({ kind }) => kind === 'bot') ?? devices.find(({ kind }) => kind === 'bridge');
  return {
    user_ref: row.user_ref,
    provider: row.provider,
    visible_id: row.visible_id,
    name: row.name,
    kind: between === undefined ? 'person' : (between.kind as 'bot' | 'bridge'),
    ...(typeof between?.operator === 'string' && { operator: between.operator }),
    ...(typeof between?.purpose === 'string' && { purpose: between.purpose }),
  };
}

/** Somebody who is there, whatever their state. */
export const existing = (store: Store, userRef: string): UserRow => {
  const user = store.users.get(userRef);
  if (user === undefined || user.state === 'deleted')
    return refuse('not_found', 'There is no such user');
  return user;
};

/** The user who calls, if it is the one that the path names. */
export function oneself({ user }: UserCaller, userRef: string): UserRow {
  if (user.user_ref !== userRef) refuse('forbidden', 'Nobody may do this for another user');
  return user;
}

/** Everybody whom a user has a conversation with, once. */
export function peersOf(store: Store, userRef: string): UserRow[] {
  const refs = store.conversations
    .of(userRef)
    .map(({ one_ref, other_ref }) => (one_ref === userRef ? other_ref : one_ref));
  return [...new Set(refs)].flatMap((ref) => store.users.get(ref) ?? []);
}
