import { type ClaimedUser, type KeyClaim, limits } from '#gia/schemas';
import type { Context } from '../server/context.ts';
import type { Handlers } from '../server/handler.ts';
import { refuse } from '../server/refusal.ts';
import type { DeviceRow } from '../store/devices.ts';
import type { Store } from '../store/index.ts';
import type { KeysOf } from '../store/keys.ts';
import type { UserRow } from '../store/users.ts';
import { oneself } from './user-view.ts';

/** The suites that have key packages. */
const withKeys: readonly string[] = ['mls10/1'];

export function keys(context: Context): Handlers<'uploadKeys' | 'countKeys' | 'claimKeys'> {
  const { store, budgets } = context;
  return {
    uploadKeys({ caller, params, body }) {
      const of = ownDevice(store, oneself(caller, params.user_ref), params.device_id, body.suite);
      if (!withKeys.includes(body.suite))
        refuse('suite_mismatch', 'This suite has no key packages');
      store.transaction(() => {
        for (const keyPackage of body.key_packages) store.keys.add(of, keyPackage);
        if (body.last_resort !== undefined) store.keys.putLastResort(of, body.last_resort);
      });
      return { status: 200, body: left(store, of) };
    },
    countKeys({ caller, params, query }) {
      const user = oneself(caller, params.user_ref);
      return {
        status: 200,
        body: left(store, ownDevice(store, user, params.device_id, query.suite)),
      };
    },
    claimKeys({ caller, body }) {
      const claimant = caller.user.user_ref;
      const targets = body.targets.map((target) => targetOf(store, target));
      // Before the first one is taken: who is refused has used up none.
      for (const { devices, user } of targets)
        for (const { device } of devices)
          budgets('keyClaims', `${claimant} ${user?.user_ref} ${device}`);
      const users = store.transaction(() =>
        targets.map((target) => claimed(context, target, body)),
      );
      return { status: 200, body: { users } };
    },
  };
}

function ownDevice(store: Store, { user_ref }: UserRow, device: string, suite: string): KeysOf {
  if (store.devices.get(user_ref, device) === undefined)
    refuse('not_found', 'This device is not on the list of the user: put the list first');
  return [user_ref, device, suite];
}

const left = (store: Store, of: KeysOf) => ({
  suite: of[2],
  count: store.keys.count(of),
  last_resort: store.keys.lastResort(of) !== undefined,
});

interface Target {
  readonly userRef: string;
  readonly user: UserRow | undefined;
  readonly devices: readonly Pick<DeviceRow, 'device'>[];
}

function targetOf(store: Store, { user_ref, devices }: KeyClaim['targets'][number]): Target {
  const user = store.users.get(user_ref);
  const wanted =
    devices === 'all' ? store.devices.of(user_ref) : devices.map((device) => ({ device }));
  return { userRef: user_ref, user, devices: wanted };
}

function claimed(
  context: Context,
  { userRef: user_ref, user, devices }: Target,
  { suite }: KeyClaim,
): ClaimedUser {
  if (user?.state === 'deleted') return { user_ref, status: 'deleted', devices: [] };
  if (user?.state !== 'active') return { user_ref, status: 'unknown', devices: [] };
  const all = devices.map(({ device }) => claimedDevice(context, user, [user_ref, device, suite]));
  const successes = all.filter(({ status }) => status === 'success').length;
  const status =
    successes === 0 ? 'none_compatible' : successes < all.length ? 'partial' : 'success';
  return { user_ref, status, devices: all };
}

function claimedDevice(
  { store, hub }: Context,
  user: UserRow,
  of: KeysOf,
): ClaimedUser['devices'][number] {
  const [, device, suite] = of;
  const key_package = store.keys.take(of);
  const count = store.keys.count(of);
  const isThere = store.devices.get(user.user_ref, device) !== undefined;
  if (isThere && withKeys.includes(suite) && count < limits.keysLow) {
    const instead = `keys.low ${of.join(' ')}`;
    hub.tellDevice(user, { device }, { type: 'keys.low', data: { suite, count }, instead });
  }
  if (key_package !== undefined)
    return { device, status: 'success', key_package, last_resort: false };
  const last = store.keys.lastResort(of);
  if (last !== undefined)
    return { device, status: 'success', key_package: last, last_resort: true };
  return {
    device,
    status: isThere && withKeys.includes(suite) ? 'exhausted' : 'nothing_compatible',
  };
}
