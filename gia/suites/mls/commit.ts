import {
  type ClientState,
  createCommit,
  encodeMlsMessage,
  type MLSMessage,
  type Proposal,
} from 'ts-mls';
import { BadWire, orRefusal } from '../refusal.ts';
import type { Changes, Life, Member, Wire } from '../suite.ts';
import { hubEpoch } from './group-id.ts';
import { packageIn } from './key-packages.ts';
import { checkMembers, cipher, memberAt, mlsLimits } from './library.ts';
import { newest, type Stored } from './stored.ts';

export interface Commit {
  readonly state: ClientState;
  readonly handshake: Wire;
  readonly welcome?: Wire;
  /** The epoch after it has secrets of its own. The library makes some unless devices are only added. */
  readonly isFresh: boolean;
}

/**
 * Handshakes are signed and not encrypted: the hub knows who is in a conversation anyway, sees the epoch with its own eyes, and
 * no key of a ratchet is used that a refused change would use again.
 */
export async function commit(
  state: ClientState,
  { add = [], remove = [] }: Changes,
): Promise<Commit> {
  const epoch = hubEpoch(state);
  const proposals = [...(await additions(add)), ...remove.map((member) => removal(state, member))];
  const made = await orRefusal('bad_key_package', async () =>
    createCommit(
      { state, cipherSuite: await cipher() },
      { wireAsPublicMessage: true, extraProposals: proposals, ratchetTreeExtension: true },
    ),
  );
  const { newState, welcome } = made;
  checkMembers(newState);
  const version = 'mls10';
  return {
    state: newState,
    handshake: { type: 'handshake', epoch, bytes: encodeMlsMessage(made.commit) },
    ...(welcome && {
      welcome: {
        ...{ type: 'welcome', epoch },
        bytes: encodeMlsMessage({ version, wireformat: 'mls_welcome', welcome }),
      },
    }),
    isFresh: hasPath(made.commit),
  };
}

const additions = (published: readonly Uint8Array[]): Promise<Proposal[]> =>
  orRefusal('bad_key_package', () =>
    published.map((bytes) => ({ proposalType: 'add', add: { keyPackage: packageIn(bytes) } })),
  );

function removal(state: ClientState, { leaf, name }: Member): Proposal {
  if (memberAt(state, leaf)?.name !== name)
    throw new BadWire('not_a_member', `no ${name} at ${leaf}`);
  return { proposalType: 'remove', remove: { removed: leaf } };
}

const hasPath = (message: MLSMessage): boolean =>
  message.wireformat === 'mls_public_message' &&
  message.publicMessage.content.contentType === 'commit' &&
  message.publicMessage.content.commit.path !== undefined;

export interface Changed {
  readonly stored: Stored;
  readonly wires: readonly Wire[];
}

/** A change of one's own, on top of all that wait. It is not settled until the hub shows or says so. */
export async function changed(stored: Stored, changes: Changes, life: Life): Promise<Changed> {
  const before = newest(stored);
  if (stored.unsettled.length >= mlsLimits.unsettled)
    throw new BadWire('unsettled', `${stored.unsettled.length} changes wait`);
  checkIsIn(before.state);
  const { state, handshake, welcome, isFresh } = await commit(before.state, changes);
  const change = { commit: handshake.bytes, state, life: isFresh ? life : before.life };
  return {
    stored: { ...stored, unsettled: [...stored.unsettled, change] },
    wires: [handshake, ...(welcome ? [welcome] : [])],
  };
}

export function checkIsIn({ groupActiveState }: ClientState): void {
  if (groupActiveState.kind !== 'active') throw new BadWire('removed', 'not in it any more');
}
