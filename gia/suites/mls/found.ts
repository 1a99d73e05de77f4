import { createGroup, joinGroup, makePskIndex, type Welcome } from 'ts-mls';
import { ratchetTreeFromExtension } from 'ts-mls/groupInfo.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import { BadWire, orRefusal } from '../refusal.ts';
import type { DeviceIdentity, Founding, Joined, Step } from '../suite.ts';
import { commit } from './commit.ts';
import { newGroupId } from './group-id.ts';
import { generate, storedPackage } from './key-packages.ts';
import { checkMembers, cipher, clientConfig, mlsLimits, readMessage } from './library.ts';
import { freeze } from './stored.ts';

/**
 * Nobody else is in it until the welcome goes out, so nobody but the hub can object: if it takes somebody else's beginning, this
 * group is thrown away.
 */
export async function found(device: DeviceIdentity, founding: Founding): Promise<Step> {
  const { conversation, epoch, keyPackages, life } = founding;
  if (keyPackages.length === 0) throw new BadWire('bad_key_package', 'nobody to talk to');
  const { publicPackage, privatePackage } = await generate(device);
  const id = newGroupId(conversation, epoch);
  const suite = await cipher();
  const empty = await createGroup(id, publicPackage, privatePackage, [], suite, clientConfig);
  const { state, handshake, welcome } = await commit(empty, { add: keyPackages });
  const founded = { ...state, historicalReceiverData: new Map() };
  return {
    group: freeze({ state: founded, unsettled: [], life }),
    wires: [handshake, ...(welcome ? [welcome] : [])],
  };
}

/** In no life of this process: the same welcome may have been joined before, in one that a backup does not know of. */
export function join(bytes: Uint8Array, stored: readonly Uint8Array[]): Promise<Joined> {
  return orRefusal('damaged', async () => {
    const message = readMessage(bytes);
    if (message.wireformat !== 'mls_welcome') throw new BadWire('damaged', 'not a welcome');
    const { welcome } = message;
    const packages = await orRefusal('bad_state', () => stored.map(storedPackage));
    const used = await addressed(welcome, packages);
    const { own, secret } = packages[used] ?? fail();
    await checkSize(welcome, packages[used] ?? fail());
    const psks = makePskIndex(undefined, {});
    const suite = await cipher();
    const state = await joinGroup(
      welcome,
      own,
      secret,
      psks,
      suite,
      undefined,
      undefined,
      clientConfig,
    );
    checkMembers(state);
    return { group: freeze({ state, unsettled: [], life: new Uint8Array() }), used };
  });
}

type Packages = ReturnType<typeof storedPackage>;

async function addressed(welcome: Welcome, packages: readonly Packages[]): Promise<number> {
  const { hash } = await cipher();
  const refs = await Promise.all(packages.map(({ own }) => makeKeyPackageRef(own, hash)));
  const isFor = (ref: Uint8Array) =>
    welcome.secrets.some(({ newMember }) => Buffer.compare(newMember, ref) === 0);
  const used = refs.findIndex(isFor);
  if (used < 0) throw new BadWire('not_welcome', 'it is for none of the key packages');
  return used;
}

/** Before the library works on it: a tree of nothing but gaps costs a byte for each leaf, and much time. */
async function checkSize(welcome: Welcome, { own, secret }: Packages): Promise<void> {
  const suite = await cipher();
  const key = await suite.hpke.importPrivateKey(secret.initPrivateKey);
  const ref = await makeKeyPackageRef(own, suite.hash);
  const secrets = await decryptGroupSecrets(key, ref, welcome, suite.hpke);
  if (!secrets) throw new BadWire('damaged', 'its secrets cannot be read');
  if (secrets.psks.length > 0) throw new BadWire('unwanted', 'it needs a key shared before');
  const none = new Uint8Array(suite.kdf.size);
  const info = await decryptGroupInfo(welcome, secrets.joinerSecret, none, suite);
  const tree = info && ratchetTreeFromExtension(info);
  if (!tree) throw new BadWire('damaged', 'its group cannot be read');
  if (tree.length > 2 * mlsLimits.members) throw new BadWire('too_large', `${tree.length} nodes`);
}

function fail(): never {
  throw new BadWire('not_welcome', 'there is no such key package');
}
