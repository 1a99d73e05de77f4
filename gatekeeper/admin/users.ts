import { VisibleId } from '#gia/schemas';
import { newUser } from '../resources/new-user.ts';
import { peersOf } from '../resources/user-view.ts';
import { hashPassword } from '../server/passwords.ts';
import type { UserRow } from '../store/users.ts';
import type { Admin } from './providers.ts';

export interface NewLocalUser {
  /** Before the `@`. */
  readonly name: string;
  readonly domain: string;
  readonly password: string;
  readonly displayName?: string;
  /** Of a password: less only for tests, which make many users. */
  readonly cost?: number;
}

export async function addLocalUser({ store, now }: Admin, user: NewLocalUser): Promise<UserRow> {
  const visible_id = `${user.name}@${user.domain}`;
  if (!VisibleId.safeParse(visible_id).success)
    throw new Error(`"${user.name}" is no name: it has no space, no @, and at most 128 characters`);
  if (store.users.byId(0, visible_id) !== undefined)
    throw new Error(`${visible_id} is there already`);
  const password = await hashPassword(user.password, user.cost);
  const row = newUser({
    integrator: 0,
    provider: user.domain,
    visible_id,
    name: user.displayName ?? user.name,
    state: 'active',
    password,
    created_ms: now(),
  });
  store.users.add(row);
  return { ...row, account_key: null, list_v: 0, list: null, reason: null };
}

/** Anybody, local or remote: their calls are refused from now on, and whoever talks to them is told. */
export function suspendUser(admin: Admin, visibleId: string, reason: string): UserRow {
  const user = theOne(admin, visibleId, 'active');
  const data = { user_ref: user.user_ref, reason };
  admin.store.transaction(() => {
    admin.store.users.change(user, { state: 'suspended', reason });
    for (const told of [user, ...peersOf(admin.store, user.user_ref)])
      admin.hub.tellUser(told, { type: 'user.suspended', data });
  });
  return user;
}

export function restoreUser(admin: Admin, visibleId: string): UserRow {
  const user = theOne(admin, visibleId, 'suspended');
  admin.store.transaction(() => {
    admin.store.users.change(user, { state: 'active', reason: null });
    for (const told of [user, ...peersOf(admin.store, user.user_ref)])
      admin.hub.tellUser(told, { type: 'user.restored', data: { user_ref: user.user_ref } });
  });
  return user;
}

function theOne({ store }: Admin, visibleId: string, state: UserRow['state']): UserRow {
  const user = store.users
    .all()
    .find((row) => row.visible_id === visibleId && row.state !== 'deleted');
  if (user === undefined) throw new Error(`There is no user ${visibleId}: see \`user list\``);
  if (user.state !== state) throw new Error(`${visibleId} is ${user.state}, not ${state}`);
  return user;
}
