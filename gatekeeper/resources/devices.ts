import type { Device, DeviceListState } from '#gia/schemas';
import type { Context } from '../server/context.ts';
import type { Handlers, UserCaller } from '../server/handler.ts';
import { refuse } from '../server/refusal.ts';
import type { UserRow } from '../store/users.ts';
import { readDeviceList, type SignedList } from '../tokens/device-list.ts';
import { tellOfDevices } from './device-news.ts';
import { existing, oneself } from './user-view.ts';

export function devices(context: Context): Handlers<'getDevices' | 'putDevices'> {
  const { store } = context;
  return {
    getDevices: ({ params }) => ({ status: 200, body: state(existing(store, params.user_ref)) }),
    async putDevices({ caller, params, body }) {
      oneself(caller, params.user_ref);
      const signed = await readDeviceList(body.list, context.now());
      return store.transaction(() => {
        const user = existing(store, params.user_ref);
        if (user.list === body.list) return { status: 200, body: state(user) };
        refuseList(caller, user, signed, body.reset === true);
        replaceDevices(context, user, signed, body.list);
        return { status: 200, body: state(existing(store, user.user_ref)) };
      });
    },
  };
}

const state = ({ user_ref, list_v, list }: UserRow): DeviceListState => ({
  user_ref,
  v: list_v,
  ...(list !== null && { list }),
});

function refuseList(
  { provider }: UserCaller,
  user: UserRow,
  { list, accountKey }: SignedList,
  mayReset: boolean,
): void {
  if (list.user_ref !== user.user_ref) refuse('invalid_request', 'body.list: is of another user');
  if (list.v !== user.list_v + 1)
    refuse('conflict', `The list that is there has version ${user.list_v}`, {
      current: user.list_v,
    });
  if (user.account_key !== null && user.account_key !== accountKey && !mayReset)
    refuse(
      'conflict',
      'The list is signed by another account key: if the old one is lost, say reset',
      {
        current: user.list_v,
      },
    );
  const undeclared = list.devices.some(({ kind }) => kind !== 'bridge' && kind !== 'bot');
  if (provider?.bridges_only === true && undeclared)
    refuse(
      'blocked_by_policy',
      'The devices of this provider are bridges or bots, and have to say so',
    );
}

function replaceDevices(context: Context, user: UserRow, signed: SignedList, jws: string): void {
  const { store } = context;
  const { list, accountKey } = signed;
  const before = new Map(store.devices.of(user.user_ref).map((row) => [row.device, row]));
  const isReset = user.account_key !== null && user.account_key !== accountKey;
  for (const device of list.devices) {
    const keys = JSON.stringify(device.signature_keys ?? {});
    const old = before.get(device.id);
    const isSame = old?.keys === keys && !isReset;
    if (!isSame) store.keys.removeOf(user.user_ref, device.id);
    store.devices.put({ ...row(user, device, keys), since_v: isSame ? old.since_v : list.v });
    before.delete(device.id);
  }
  for (const device of before.keys()) {
    store.devices.remove(user.user_ref, device);
    store.keys.removeOf(user.user_ref, device);
    store.events.removeTo(user.user_ref, device);
    store.sessions.removeDevice(user.user_ref, device);
    context.hub.endDevice(user, device);
  }
  store.users.change(user, { list: jws, list_v: list.v, account_key: accountKey });
  const { account_key: old } = user;
  tellOfDevices(context, user, {
    v: list.v,
    ...(isReset && old !== null && { identity: { old, new: accountKey } }),
  });
}

const row = ({ user_ref }: UserRow, device: Device, keys: string) => ({
  user_ref,
  device: device.id,
  kind: device.kind,
  operator: device.operator ?? null,
  purpose: device.purpose ?? null,
  keys,
});
