import {
  acceptAll,
  type ClientState,
  type MlsPrivateMessage,
  type MlsPublicMessage,
  makePskIndex,
  type PrivateMessage,
  processMessage,
} from 'ts-mls';
import { addHistoricalReceiverData } from 'ts-mls/clientState.js';
import { decryptSenderData } from 'ts-mls/privateMessage.js';
import { BadWire, orRefusal } from '../refusal.ts';
import type { Group, Heard, Member } from '../suite.ts';
import { checkIsIn } from './commit.ts';
import { checkMembers, cipher, memberAt, mlsLimits, readMessage } from './library.ts';
import { type Position, saidPosition } from './position.ts';
import { freeze, type Stored, thaw } from './stored.ts';

export async function decrypt(group: Group, wire: Uint8Array): Promise<Heard> {
  const stored = thaw(group);
  return orRefusal('damaged', () => {
    checkIsIn(stored.state);
    const message = readMessage(wire);
    if (message.wireformat === 'mls_private_message')
      return application(reaching(stored, message.privateMessage.epoch), message);
    if (message.wireformat === 'mls_public_message')
      return handshake(reaching(stored, message.publicMessage.content.epoch), message, wire);
    throw new BadWire('damaged', `not a message of a group, but ${message.wireformat}`);
  });
}

/** Where others are in an epoch that this device began, the hub took that change, whether its answer was heard or not. */
function reaching(stored: Stored, epoch: bigint): Stored {
  const isAhead = epoch > stored.state.groupContext.epoch;
  const isOwn = stored.unsettled.some(({ state }) => state.groupContext.epoch === epoch);
  return isAhead && isOwn ? reaching(taken(stored), epoch) : stored;
}

async function application(stored: Stored, message: MlsPrivateMessage): Promise<Heard> {
  const { privateMessage } = message;
  if (privateMessage.contentType !== 'application')
    throw new BadWire('unwanted', 'a handshake that is encrypted');
  checkPlace(stored.state, privateMessage);
  const position = await truePosition(stored.state, privateMessage);
  const from = checkKey(stored.state, position);
  const result = await process(stored.state, message, acceptAll);
  if (result.kind !== 'applicationMessage') throw new BadWire('damaged', 'nothing was said');
  const said = saidPosition(privateMessage);
  const isTrue = said.leaf === position.leaf && said.generation === position.generation;
  if (!isTrue) throw new BadWire('damaged', 'it is not where it says to be');
  const state = withoutBefore(result.newState, privateMessage.epoch);
  const group = freeze({ ...stored, state });
  return { kind: 'said', group, content: result.message, from };
}

/** The hub keeps the order: once something of an epoch came, nothing of those before it comes any more. */
function withoutBefore(state: ClientState, epoch: bigint): ClientState {
  const kept = [...state.historicalReceiverData].filter(([then]) => then >= epoch);
  return { ...state, historicalReceiverData: new Map(kept) };
}

type Place = { readonly groupId: Uint8Array; readonly epoch: bigint };

function checkPlace(state: ClientState, { groupId, epoch }: Place): void {
  const here = state.groupContext;
  if (Buffer.compare(groupId, here.groupId) !== 0) throw new BadWire('foreign', 'of another group');
  if (epoch > here.epoch) throw new BadWire('ahead', `of epoch ${epoch}, not ${here.epoch}`);
  const isKept = epoch === here.epoch || state.historicalReceiverData.has(epoch);
  if (!isKept) throw new BadWire('too_old', `of epoch ${epoch}, not ${here.epoch}`);
}

/** What of an epoch is needed to read in it. */
function epochOf(state: ClientState, epoch: bigint) {
  const { senderDataSecret } = state.keySchedule;
  const now = { senderDataSecret, secretTree: state.secretTree, ratchetTree: state.ratchetTree };
  return state.historicalReceiverData.get(epoch) ?? now;
}

async function truePosition(state: ClientState, message: PrivateMessage): Promise<Position> {
  const { senderDataSecret } = epochOf(state, message.epoch);
  const data = await decryptSenderData(message, senderDataSecret, await cipher());
  if (!data) throw new BadWire('damaged', 'its sender cannot be read');
  const groupId = Buffer.from(message.groupId).toString('hex');
  const { leafIndex: leaf, generation } = data;
  return { groupId, epoch: Number(message.epoch), leaf, generation };
}

function checkKey(state: ClientState, { epoch, leaf, generation }: Position): Member {
  const { secretTree, ratchetTree } = epochOf(state, BigInt(epoch));
  if (leaf === state.privatePath.leafIndex) throw new BadWire('own', `generation ${generation}`);
  const from = memberAt({ ...state, ratchetTree }, leaf);
  const ratchet = secretTree[leaf * 2]?.application;
  if (!from || !ratchet) throw new BadWire('foreign', `there is nobody at ${leaf}`);
  const isLeft = generation >= ratchet.generation || generation in ratchet.unusedGenerations;
  if (!isLeft) throw new BadWire('spent', `generation ${generation}`);
  if (generation - ratchet.generation > mlsLimits.forward)
    throw new BadWire('ahead', `generation ${generation}, not ${ratchet.generation}`);
  return from;
}

async function handshake(
  stored: Stored,
  message: MlsPublicMessage & { readonly version: 'mls10' },
  wire: Uint8Array,
): Promise<Heard> {
  const { content } = message.publicMessage;
  const { state } = stored;
  checkPlace(state, content);
  if (content.epoch < state.groupContext.epoch) throw new BadWire('too_old', `${content.epoch}`);
  if (content.sender.senderType !== 'member')
    throw new BadWire('unwanted', 'from somebody who is not in the group');
  const { leafIndex } = content.sender;
  if (leafIndex === state.privatePath.leafIndex) return ownChange(stored, wire);
  const from = memberAt(state, leafIndex);
  if (!from) throw new BadWire('foreign', `there is nobody at ${leafIndex}`);
  const result = await process(state, message, onlyMembership);
  if (result.kind !== 'newState') throw new BadWire('damaged', 'it changes nothing');
  if (result.actionTaken === 'reject') throw new BadWire('unwanted', 'it changes too much');
  return afterChange(stored, result.newState, from);
}

function afterChange(stored: Stored, state: ClientState, from: Member): Heard {
  checkMembers(state);
  if (state.groupActiveState.kind === 'removedFromGroup')
    return { kind: 'removed', group: freeze({ ...stored, state, unsettled: [] }) };
  if (state.groupContext.epoch === stored.state.groupContext.epoch)
    return { kind: 'proposed', group: freeze({ ...stored, state }) };
  // What this device had begun in the old epoch came too late, and the hub refuses it.
  const { epoch } = state.groupContext;
  const group = freeze({ ...stored, state: withoutBefore(state, epoch), unsettled: [] });
  return { kind: 'changed', group, from };
}

function ownChange(stored: Stored, wire: Uint8Array): Heard {
  const [first] = stored.unsettled;
  if (!first || Buffer.compare(first.commit, wire) !== 0)
    throw new BadWire('lost', 'a change of this device, of which it does not know');
  const settled = taken(stored);
  const from = memberAt(settled.state, settled.state.privatePath.leafIndex);
  return { kind: 'changed', group: freeze(settled), ...(from && { from }) };
}

/** The oldest of one's own changes holds. Of the epoch that it ended, what is still under way can be read. */
export function taken(stored: Stored): Stored {
  const [first, ...unsettled] = stored.unsettled;
  if (!first) throw new BadWire('unsettled', 'no change waits');
  const [historicalReceiverData] = addHistoricalReceiverData(stored.state);
  return { state: { ...first.state, historicalReceiverData }, life: first.life, unsettled };
}

type Judge = typeof acceptAll;

/** Members come, go and renew their keys; what else MLS can do has no place in a conversation. */
const wanted: readonly unknown[] = ['add', 'remove', 'update'];
const onlyMembership: Judge = (heard) => {
  const proposals = heard.kind === 'commit' ? heard.proposals : [heard.proposal];
  const isWanted = proposals.every(({ proposal }) => wanted.includes(proposal.proposalType));
  return isWanted && proposals.length <= mlsLimits.members ? 'accept' : 'reject';
};

async function process(
  state: ClientState,
  message: MlsPrivateMessage | MlsPublicMessage,
  judge: Judge,
) {
  const whole = { version: 'mls10', ...message } as const;
  return processMessage(whole, state, makePskIndex(undefined, {}), judge, await cipher());
}

/** For tests: what `positionOf` should say, read with a receiver's keys. */
export async function truePositionOf(group: Group, wire: Uint8Array): Promise<Position> {
  const message = readMessage(wire);
  if (message.wireformat !== 'mls_private_message') throw new BadWire('damaged', 'not encrypted');
  return truePosition(thaw(group).state, message.privateMessage);
}
