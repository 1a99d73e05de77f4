import { createHash } from 'node:crypto';
import type { AdapterState } from '#adapter';
import { deviceNameOf, suites } from '#gia';
import { DEVICE, type Enlisted } from './account.ts';
import type { Site } from './site.ts';

const PREFIX = 'key-package/';
const LAST_RESORT = `${PREFIX}last-resort`;
/** So many are offered at a time. */
const OFFERED = 30;
const suite = suites['mls10/1'];

/** A key package that was handed out, as it is stored: its secret half. */
export interface StoredPackage {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export async function packagesIn(state: AdapterState): Promise<readonly StoredPackage[]> {
  const all: StoredPackage[] = [];
  for await (const [key, bytes] of state.list(PREFIX)) all.push({ key, bytes });
  return all;
}

/** The last resort is used again and again. */
export const isOnce = ({ key }: StoredPackage): boolean => key !== LAST_RESORT;

interface Offer {
  readonly account: Enlisted;
  readonly signal: AbortSignal;
}

/** Makes more where few are left. The secret halves are on disk before anybody can use the others. */
export async function offerKeys(
  site: Site,
  state: AdapterState,
  { account: { ref, deviceKeys }, signal }: Offer,
): Promise<void> {
  const device = { params: { user_ref: ref, device_id: DEVICE }, user: ref, signal };
  const left = await site.gatekeeper.call('countKeys', { ...device, query: { suite: suite.id } });
  if (left.last_resort && left.count >= OFFERED / 2) return;
  const name = deviceNameOf({ user_ref: ref, device: DEVICE });
  const made = await suite.newKeyPackages({ name, keys: deviceKeys }, OFFERED + 1);
  const [last, ...others] = made;
  if (!last) return;
  await state.save([
    state.change(LAST_RESORT, last.stored),
    ...others.map(({ published, stored }) => state.change(PREFIX + hashOf(published), stored)),
  ]);
  await site.gatekeeper.call('uploadKeys', {
    ...device,
    body: {
      suite: suite.id,
      key_packages: others.map(({ published }) => text(published)),
      last_resort: text(last.published),
    },
  });
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const hashOf = (bytes: Uint8Array) =>
  createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
