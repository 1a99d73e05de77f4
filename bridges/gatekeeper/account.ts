import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { AdapterState, StateChange } from '#adapter';
import type { DeviceKeys } from '#gia';

/** The one device of each voice. */
export const DEVICE = 'bridge';

/** What a voice is over there, and what proves it. */
export interface Account {
  readonly accountKey: KeyObject;
  readonly deviceKeys: DeviceKeys;
  /** Absent until it is enlisted. */
  readonly ref?: string;
  /** What the gatekeeper has asked of the person, and has no answer to yet. */
  readonly challenge?: string;
  /** Its newest signed device list, and when that ends to hold. Absent: it has none yet. */
  readonly list?: { readonly v: number; readonly jws: string; readonly untilMs: number };
}

export type Enlisted = Account & { readonly ref: string };

const KEY = 'account';

/** Reads it, or makes one. Of two at the same time one is refused as `stale`. */
export async function accountIn(
  state: AdapterState,
  newDeviceKeys: () => Promise<DeviceKeys>,
): Promise<Account> {
  const stored = await state.get(KEY);
  if (stored) return thaw(stored);
  const { privateKey: accountKey } = generateKeyPairSync('ed25519');
  const account = { accountKey, deviceKeys: await newDeviceKeys() };
  await state.save([state.change(KEY, freeze(account), null)]);
  return account;
}

export const accountChange = (state: AdapterState, account: Account): StateChange =>
  state.change(KEY, freeze(account));

interface Stored {
  readonly accountKey: string;
  readonly deviceKeys: readonly [publicKey: string, privateKey: string];
  readonly ref?: string;
  readonly challenge?: string;
  readonly list?: NonNullable<Account['list']>;
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const bytes = (from: string) => new Uint8Array(Buffer.from(from, 'base64url'));

function freeze({ accountKey, deviceKeys, ...rest }: Account): Uint8Array {
  const stored: Stored = {
    accountKey: text(accountKey.export({ format: 'der', type: 'pkcs8' })),
    deviceKeys: [text(deviceKeys.publicKey), text(deviceKeys.privateKey)],
    ...rest,
  };
  return Buffer.from(JSON.stringify(stored));
}

function thaw(frozen: Uint8Array): Account {
  const { accountKey, deviceKeys, ...rest }: Stored = JSON.parse(Buffer.from(frozen).toString());
  const [publicKey, privateKey] = deviceKeys;
  return {
    accountKey: createPrivateKey({
      key: Buffer.from(accountKey, 'base64url'),
      format: 'der',
      type: 'pkcs8',
    }),
    deviceKeys: { publicKey: bytes(publicKey), privateKey: bytes(privateKey) },
    ...rest,
  };
}
