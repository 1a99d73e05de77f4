import { orRefusal } from '../refusal.ts';
import type { CipherSuite, GroupFacts } from '../suite.ts';
import { changed } from './commit.ts';
import { decrypt, taken } from './decrypt.ts';
import { encrypt } from './encrypt.ts';
import { found, join } from './found.ts';
import { conversationOf, hubEpoch } from './group-id.ts';
import { newDeviceKeys, newKeyPackages, readKeyPackage } from './key-packages.ts';
import { memberAt, membersOf } from './library.ts';
import { freeze, newest, type Stored, thaw } from './stored.ts';

/** MLS 1.0 (RFC 9420) with its mandatory cipher suite. */
export const mls10: CipherSuite = {
  id: 'mls10/1',
  isEndToEnd: true,
  newDeviceKeys,
  newKeyPackages,
  readKeyPackage,
  blank: null,
  found,
  join,
  encrypt,
  decrypt,
  async change(group, changes, life) {
    const { stored, wires } = await changed(thaw(group), changes, life);
    return { group: freeze(stored), wires };
  },
  settle: async (group, isTaken) => freeze(settled(thaw(group), isTaken)),
  look: (group) => orRefusal('bad_state', () => facts(thaw(group))),
};

/** With the oldest go all that were made on top of it. */
const settled = (stored: Stored, isTaken: boolean): Stored =>
  isTaken ? taken(stored) : { ...stored, unsettled: [] };

function facts(stored: Stored): GroupFacts {
  const { state } = newest(stored);
  const self = memberAt(state, state.privatePath.leafIndex);
  return {
    conversation: conversationOf(state).conversation,
    epoch: hubEpoch(state),
    members: membersOf(state),
    ...(self && { self }),
    unsettled: stored.unsettled.length,
  };
}
