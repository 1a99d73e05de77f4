import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  type Connection,
  type Device,
  type DeviceIdentity,
  deviceNameOf,
  privateKeyOf,
  signDeviceList,
  suites,
  verifyDeviceList,
} from '#gia';
import type { ClientStore } from './store.ts';

const KEY_PACKAGES = 30;
const mls = suites['mls10/1'];

export interface Own {
  readonly connection: Connection;
  readonly store: ClientStore;
  readonly userRef: string;
  readonly device: string;
}

/** Makes keys at the first start, and sees that the own device is on the list. */
export async function enroll(own: Own, accountKey: string | undefined): Promise<DeviceIdentity> {
  const account = accountOf(own.store, accountKey);
  const identity = await identityOf(own);
  await listOwn(own, account, identity);
  const params = { user_ref: own.userRef, device_id: own.device };
  const { count } = await own.connection.call('countKeys', { params, query: { suite: mls.id } });
  if (count < KEY_PACKAGES / 2) await addKeyPackages(own, identity);
  return identity;
}

/** The same on all devices of a user: whoever has it says which devices there are. */
function accountOf(store: ClientStore, given: string | undefined): KeyObject {
  const pem = given ?? store.text('account') ?? newAccount();
  store.commit({ set: [{ key: 'account', to: Buffer.from(pem) }] });
  return privateKeyOf(pem);
}

const newAccount = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

async function identityOf({ store, userRef, device }: Own): Promise<DeviceIdentity> {
  const name = deviceNameOf({ user_ref: userRef, device });
  const [publicKey, privateKey] = [store.get('device/public'), store.get('device/private')];
  if (publicKey && privateKey) return { name, keys: { publicKey, privateKey } };
  const keys = await mls.newDeviceKeys();
  store.commit({
    set: [
      { key: 'device/public', to: keys.publicKey },
      { key: 'device/private', to: keys.privateKey },
    ],
  });
  return { name, keys };
}

async function listOwn(
  { connection, userRef, device }: Own,
  account: KeyObject,
  { keys }: DeviceIdentity,
): Promise<void> {
  const params = { user_ref: userRef };
  const { v, list } = await connection.call('getDevices', { params });
  const devices = (list && verifyDeviceList(list, userRef)?.list.devices) || [];
  const key = Buffer.from(keys.publicKey).toString('base64url');
  const known = devices.find(({ id }) => id === device);
  if (known?.signature_keys?.[mls.id] === key) return;
  const own: Device = { id: device, kind: 'desktop', signature_keys: { [mls.id]: key } };
  const all = [...devices.filter(({ id }) => id !== device), own];
  const body = { list: signDeviceList({ v: v + 1, user_ref: userRef, devices: all }, account) };
  await connection.call('putDevices', { params, body });
}

/** Stored before they are published: a welcome may come at once. */
export async function addKeyPackages(own: Own, identity: DeviceIdentity): Promise<void> {
  const packages = await mls.newKeyPackages(identity, KEY_PACKAGES);
  const before = own.store.get('packages');
  const stored = packages.map(({ stored }) => Buffer.from(stored).toString('base64url'));
  const all = [...storedPackages(own.store), ...stored];
  own.store.commit({
    set: [{ key: 'packages', from: before, to: Buffer.from(JSON.stringify(all)) }],
  });
  await own.connection.call('uploadKeys', {
    params: { user_ref: own.userRef, device_id: own.device },
    body: {
      suite: mls.id,
      key_packages: packages.map(({ published }) => Buffer.from(published).toString('base64url')),
    },
  });
}

export const storedPackages = (store: ClientStore): readonly string[] =>
  JSON.parse(store.text('packages') ?? '[]');
