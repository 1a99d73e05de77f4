import { createHash } from 'node:crypto';
import { BridgeError, type StateChange } from '#adapter';
import type { Group, GroupFacts, Step } from '#gia';
import { claimed } from './claim.ts';
import type { Member } from './member.ts';
import { type Post, postsOf } from './posts.ts';

/** A welcome, or what moves a group on, comes within this time if the gatekeeper has it. */
const WELCOME_MS = 5_000;

export const groupKey = (conv: string) => `group/${conv}`;

export interface Made {
  readonly posts: readonly Post[];
  /** The group that was begun for it, by its hash. */
  readonly founded?: string;
  readonly save: StateChange;
}

/** One message, from the state on disk to the next: it is to be committed before a byte leaves. */
export async function made(
  member: Member,
  content: Uint8Array,
  signal: AbortSignal,
): Promise<Made> {
  const { state, talk, site } = member;
  const { suite, conversation } = talk;
  const key = groupKey(conversation.conv_id);
  await welcomed(member, signal);
  await caughtUp(member, signal);
  const before = await state.get(key);
  const { step, added, isFounded } = await begun(member, before, signal);
  const said = await suite.encrypt(step.group, content, site.life);
  const { members } = await suite.look(said.group);
  return {
    posts: postsOf([...step.wires, ...said.wires], { members, added }),
    ...(isFounded && { founded: hashOf(said.group) }),
    save: state.change(key, said.group, before ?? null),
  };
}

interface Begun {
  readonly step: Step;
  /** Devices that this welcomes. */
  readonly added: readonly string[];
  readonly isFounded?: true;
}

async function begun(
  member: Member,
  before: Group | undefined,
  signal: AbortSignal,
): Promise<Begun> {
  const { talk, refused, site } = member;
  const group = before ?? talk.suite.blank;
  if (!group) return founded(member, signal);
  const facts = await talk.suite.look(group);
  if (refused?.epoch !== undefined && facts.epoch < refused.epoch) return founded(member, signal);
  if (!refused || refused.missing.length + refused.gone.length === 0)
    return { step: { group, wires: [] }, added: [] };
  const add = await claimed(member, refused.missing, signal);
  const remove = facts.members.filter(({ name }) => refused.gone.includes(name));
  const changes = { add: add.map(({ bytes }) => bytes), remove };
  const step = await talk.suite.change(group, changes, site.life);
  return { step, added: add.map(({ name }) => name) };
}

/** Begins it, or begins it anew: its state is lost, or so old that what came since cannot be read. */
async function founded(member: Member, signal: AbortSignal): Promise<Begun> {
  const { talk, site, device } = member;
  const { conv_id } = talk.conversation;
  const epoch = await hubEpoch(member, signal);
  const others = await claimed(member, 'all', signal);
  const step = await talk.suite.found(device, {
    ...{ conversation: conv_id, epoch, life: site.life },
    keyPackages: others.map(({ bytes }) => bytes),
  });
  return { step, added: others.map(({ name }) => name), isFounded: true };
}

async function hubEpoch({ talk, site, ref }: Member, signal: AbortSignal): Promise<number> {
  const params = { conv_id: talk.conversation.conv_id };
  return (await site.gatekeeper.call('getConversation', { params, user: ref, signal })).epoch;
}

/** Somebody else has begun it, so their welcome is on its way, or it is lost. */
async function welcomed(member: Member, signal: AbortSignal): Promise<void> {
  const { state, talk, progress } = member;
  const { conv_id } = talk.conversation;
  const isThere = async () => (await state.get(groupKey(conv_id))) !== undefined;
  if (talk.suite.blank || (await isThere()) || (await hubEpoch(member, signal)) === 0) return;
  await progress.until(conv_id, isThere, { signal, forMs: WELCOME_MS });
}

/** Before somebody else's change is read, nothing that is made here would be taken. */
async function caughtUp(member: Member, signal: AbortSignal): Promise<void> {
  const { state, talk, progress, refused } = member;
  const { suite, conversation } = talk;
  if (refused?.epoch === undefined) return;
  const { epoch } = refused;
  const isThere = async () => {
    const group = await state.get(groupKey(conversation.conv_id));
    return group !== undefined && isAt(await suite.look(group), epoch);
  };
  await progress.until(conversation.conv_id, isThere, { signal, forMs: WELCOME_MS });
}

const isAt = ({ epoch, unsettled }: GroupFacts, hubEpoch: number) =>
  unsettled === 0 && epoch >= hubEpoch;

/** The gatekeeper has taken a change of ours, or definitely not. Again is the same. */
export async function settle(member: Member, isTaken: boolean): Promise<void> {
  const { state, talk } = member;
  const key = groupKey(talk.conversation.conv_id);
  await untilFresh(async () => {
    const group = await state.get(key);
    if (!group || (await talk.suite.look(group)).unsettled === 0) return;
    await state.save([state.change(key, await talk.suite.settle(group, isTaken), group)]);
  });
}

/** The gatekeeper has not taken the group that we began, as somebody else was first: it must never be spoken in. */
export async function abandon({ state, talk }: Member, founded: string): Promise<void> {
  const key = groupKey(talk.conversation.conv_id);
  await untilFresh(async () => {
    const group = await state.get(key);
    if (group && hashOf(group) === founded) await state.save([state.change(key, null, group)]);
  });
}

const hashOf = (group: Group) => createHash('sha256').update(group).digest('base64url');

/** Read, compute, commit: of two steps from one state one is written, and the other begins again from what is on disk then. */
export async function untilFresh(step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof BridgeError && error.code === 'stale')) throw error;
    }
  }
}
