import { BadWire } from './refusal.ts';
import type { CipherSuite, Group, Heard, Step } from './suite.ts';

/**
 * No encryption but that of the connection: the hub and the bridge read what is said, and everybody is told so. Who speaks, in
 * which order and whether again is the hub's word, so there is nothing to keep and nobody to welcome.
 */
export const e2b: CipherSuite = {
  id: 'e2b/1',
  isEndToEnd: false,
  newDeviceKeys: async () => ({ publicKey: nothing(), privateKey: nothing() }),
  newKeyPackages: async () => [],
  readKeyPackage: async () => refuse('bad_key_package', 'there are none without encryption'),
  blank: Uint8Array.of(1),
  found: async () => ({ group: Uint8Array.of(1), wires: [] }),
  join: async () => refuse('not_welcome', 'nobody is welcomed without encryption'),
  encrypt: async (group, content): Promise<Step> => {
    const bytes = new Uint8Array(content);
    return { group: checked(group), wires: [{ type: 'application', epoch: 0, bytes }] };
  },
  decrypt: async (group, wire): Promise<Heard> => ({
    ...{ kind: 'said', group: checked(group) },
    content: new Uint8Array(wire),
  }),
  change: async (group) => ({ group: checked(group), wires: [] }),
  settle: async (group) => checked(group),
  look: async (group) => {
    checked(group);
    return { conversation: '', epoch: 0, members: [], unsettled: 0 };
  },
};

const nothing = () => new Uint8Array();

/** One byte, the version of a format that has nothing else in it. */
function checked(group: Group): Group {
  const isOurs = group.length === 1 && group[0] === 1;
  return isOurs ? group : refuse('bad_state', 'what was stored is not a group');
}

function refuse(code: 'bad_state' | 'bad_key_package' | 'not_welcome', message: string): never {
  throw new BadWire(code, message);
}
