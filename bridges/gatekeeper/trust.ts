import type { AdapterState } from '#adapter';
import { addressIn, type KeyPackageFacts, verifyDeviceList } from '#gia';
import type { Site } from './site.ts';

const PIN = 'account-key/';

/** Somebody's device is not on the list that its owner has signed, or the list is not its owner's. */
export class Untrusted extends Error {
  override readonly name = 'Untrusted';
}

interface Asking {
  readonly state: AdapterState;
  /** As whom. */
  readonly ref: string;
  readonly signal: AbortSignal;
}

/**
 * Compares devices with the lists of their owners: a gatekeeper could put in one of its own. The account key of somebody is
 * remembered when it is first seen, and another is believed only after the gatekeeper has said so (`identity.changed`).
 *
 * @throws {Untrusted}
 */
export async function refuseStrangers(
  site: Site,
  devices: readonly KeyPackageFacts[],
  asking: Asking,
): Promise<void> {
  const owners = new Set(devices.map(({ name }) => addressIn(name).user_ref));
  for (const owner of owners) {
    const keys = await keysOf(site, owner, asking);
    for (const { name, publicKey } of devices) {
      const { user_ref, device } = addressIn(name);
      const isListed = keys.get(device) === Buffer.from(publicKey).toString('base64url');
      if (user_ref === owner && !isListed)
        throw new Untrusted(`${name} is not on the signed device list of its owner`);
    }
  }
}

async function keysOf(
  { gatekeeper }: Site,
  owner: string,
  { state, ref, signal }: Asking,
): Promise<ReadonlyMap<string, string>> {
  const { list = '' } = await gatekeeper.call('getDevices', {
    ...{ params: { user_ref: owner }, user: ref, signal },
  });
  const read = verifyDeviceList(list, owner);
  if (!read) throw new Untrusted(`the device list of ${owner} is not signed by them, or too old`);
  await refuseOtherSigner(state, owner, read.accountKey);
  return new Map(
    read.list.devices.map(({ id, signature_keys = {} }) => [id, signature_keys['mls10/1'] ?? '']),
  );
}

async function refuseOtherSigner(state: AdapterState, owner: string, signer: string) {
  const pinned = await state.get(PIN + owner);
  if (!pinned) return state.save([state.change(PIN + owner, Buffer.from(signer))]);
  if (Buffer.from(pinned).toString() !== signer)
    throw new Untrusted(`the device list of ${owner} is signed by another key than before`);
}

/** The account key of somebody is another one from now on. */
export const believe = (state: AdapterState, owner: string, signer: string) =>
  state.change(PIN + owner, Buffer.from(signer));
