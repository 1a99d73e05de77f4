import {
  type Connection,
  type Device,
  deviceNameOf,
  type Member,
  type VerifiedList,
  verifyDeviceList,
} from '#gia';
import type { ClientStore } from './store.ts';

export interface ListedDevice {
  readonly name: string;
  /** Absent of a device that does not speak the suite. */
  readonly publicKey?: Uint8Array;
}

/** Who cannot be who they were. Nothing is sent to them until a person has looked at it. */
export class IdentityChanged extends Error {}

/**
 * The devices of these, by lists that they signed themselves. Whose list it is is remembered at the first sight of it.
 * @throws IdentityChanged
 */
export async function listedDevices(
  connection: Connection,
  store: ClientStore,
  { users, suite }: { users: readonly string[]; suite: string },
): Promise<readonly ListedDevice[]> {
  const lists = await Promise.all(
    users.map(async (user_ref) => {
      const { list } = await connection.call('getDevices', { params: { user_ref } });
      return list === undefined ? undefined : { user_ref, read: verifyDeviceList(list, user_ref) };
    }),
  );
  return lists.flatMap((list) => {
    if (!list) return [];
    if (!list.read) throw new IdentityChanged(`the device list of ${list.user_ref} is not signed`);
    pin(store, list.user_ref, list.read);
    return list.read.list.devices.map((device) => listed(list.user_ref, device, suite));
  });
}

function listed(userRef: string, { id, signature_keys }: Device, suite: string): ListedDevice {
  const key = signature_keys?.[suite];
  const name = deviceNameOf({ user_ref: userRef, device: id });
  return {
    name,
    ...(key !== undefined && { publicKey: new Uint8Array(Buffer.from(key, 'base64url')) }),
  };
}

function pin(store: ClientStore, userRef: string, { accountKey, list }: VerifiedList): void {
  const [known, version] = (store.text(`pin/${userRef}`) ?? '').split(' ');
  const isOther = known && known !== accountKey;
  if (isOther || Number(version ?? 0) > list.v)
    throw new IdentityChanged(`${userRef} has another account key, or an older list than before`);
  const to = Buffer.from(`${accountKey} ${list.v}`);
  store.commit({ set: [{ key: `pin/${userRef}`, to }] });
}

/** Nobody is in a group whom their own list does not name, with the very key. */
export function strangers(
  members: readonly Member[],
  devices: readonly ListedDevice[],
): readonly Member[] {
  const keys = new Map(devices.map(({ name, publicKey }) => [name, publicKey]));
  return members.filter(({ name, publicKey }) => {
    const listed = keys.get(name);
    return !listed || Buffer.compare(listed, publicKey) !== 0;
  });
}
