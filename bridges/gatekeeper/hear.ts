import type { RemoteEvent, StateChange, Voice } from '#adapter';
import {
  addressIn,
  BadContent,
  BadWire,
  deviceNameOf,
  type Group,
  type Heard,
  type MessageNew,
  messageIdOf,
  readContainer,
  saidBy,
  userUriOf,
} from '#gia';
import type { Enlisted } from './account.ts';
import type { Talk } from './conversations.ts';
import { fromSaid } from './from-said.ts';
import { chatIdOf, userIdOf } from './ids.ts';
import { isOnce, packagesIn } from './key-packages.ts';
import { groupKey } from './ratchet.ts';
import type { Site } from './site.ts';
import type { Told } from './told.ts';
import { refuseStrangers, Untrusted } from './trust.ts';

/** A voice that something came for, and the conversation that it came in. */
export interface Receiver {
  readonly site: Site;
  readonly voice: Voice;
  readonly account: Enlisted;
  readonly talk: Talk;
  readonly told: Told;
  readonly signal: AbortSignal;
}

/** What there is to tell and to keep of something that came. */
export interface Taken {
  readonly events: readonly RemoteEvent[];
  readonly save: readonly StateChange[];
}

/**
 * What the bytes for a voice say. Whatever cannot be read is told as a hole, once, and never kept from the chat in silence; what was
 * read already, or is our own, is nothing new.
 */
export async function taken(receiver: Receiver, event: MessageNew): Promise<Taken> {
  try {
    return event.data.type === 'welcome'
      ? await welcomed(receiver, event)
      : await read(receiver, event);
  } catch (error) {
    if (error instanceof BadWire && isNothingNew(error)) return { events: [], save: [] };
    const isUnreadable = [BadWire, BadContent, Untrusted].some((kind) => error instanceof kind);
    if (isUnreadable) return unreadable(receiver, event, error as Error);
    throw error;
  }
}

const isNothingNew = ({ code }: BadWire) => code === 'spent' || code === 'own';

async function welcomed(receiver: Receiver, { data }: MessageNew): Promise<Taken> {
  const { site, voice, account, talk, signal } = receiver;
  const { conversation, suite } = talk;
  const { state } = voice;
  const packages = await packagesIn(state);
  const joined = await suite.join(
    bytesOf(data.body),
    packages.map(({ bytes }) => bytes),
  );
  const facts = await suite.look(joined.group);
  if (facts.conversation !== conversation.conv_id)
    throw new Untrusted(`welcomed into ${facts.conversation}, which is another conversation`);
  const others = facts.members.filter(({ name }) => addressIn(name).user_ref !== account.ref);
  refuseOutsiders(
    talk,
    others.map(({ name }) => addressIn(name).user_ref),
  );
  await refuseStrangers(site, others, { state, ref: account.ref, signal });
  const key = groupKey(conversation.conv_id);
  const before = (await state.get(key)) ?? null;
  // Begun anew by us since, where it was lost.
  if (before && (await suite.look(before)).epoch > facts.epoch) return { events: [], save: [] };
  const used = packages[joined.used];
  return {
    events: [],
    save: [
      state.change(key, joined.group, before),
      ...(used && isOnce(used) ? [state.change(used.key, null, used.bytes)] : []),
    ],
  };
}

function refuseOutsiders({ conversation }: Talk, refs: readonly string[]): void {
  const within = new Set(conversation.participants.map(({ user_ref }) => user_ref));
  const outsider = refs.find((ref) => !within.has(ref));
  if (outsider !== undefined) throw new Untrusted(`${outsider} is not of this conversation`);
}

async function read(receiver: Receiver, event: MessageNew): Promise<Taken> {
  const { voice, talk } = receiver;
  const { suite, conversation } = talk;
  const key = groupKey(conversation.conv_id);
  const before: Group | undefined = await voice.state.get(key);
  const group = before ?? suite.blank;
  if (!group) throw new BadWire('ahead', 'this device was not welcomed yet');
  const heard = await suite.decrypt(group, bytesOf(event.data.body));
  const save = [voice.state.change(key, heard.group, before ?? null)];
  if (heard.kind === 'changed') await refuseNewcomers(receiver, heard);
  if (heard.kind !== 'said') return { events: [], save };
  return { events: told(receiver, event, heard), save };
}

async function refuseNewcomers({ site, voice, account, talk, signal }: Receiver, heard: Heard) {
  const { members } = await talk.suite.look(heard.group);
  refuseOutsiders(
    talk,
    members.map(({ name }) => addressIn(name).user_ref),
  );
  const others = members.filter(({ name }) => addressIn(name).user_ref !== account.ref);
  await refuseStrangers(site, others, { state: voice.state, ref: account.ref, signal });
}

function told(
  { voice, talk, told: counted }: Receiver,
  { event_id, data }: MessageNew,
  heard: Extract<Heard, { kind: 'said' }>,
): readonly RemoteEvent[] {
  const { conv_uri, conv_id } = talk.conversation;
  const sender = userUriOf(conv_uri, data.from.user_ref);
  const said = readContainer(heard.content, data.accepted_ms);
  const isTheirs = heard.from === undefined || heard.from.name === deviceNameOf(data.from);
  // Neither has to stand in a container: what does not is what the hub says.
  const isSo = (said.sender ?? sender) === sender && (said.room ?? conv_uri) === conv_uri;
  if (!isTheirs || !isSo)
    throw new Untrusted('it says to be by somebody else, or of another conversation');
  const id = messageIdOf(heard.content, sender, conv_uri);
  counted.said(conv_id, { id, msg_id: data.msg_id, seq: data.seq });
  return fromSaid(saidBy(said), {
    ...{ id, sender: userIdOf(data.from.user_ref), sentAtMs: data.accepted_ms, key: event_id },
    view: { chat: chatIdOf(conv_id), receiver: voice.id },
  });
}

function unreadable(
  { site, voice, talk }: Receiver,
  { event_id, data }: MessageNew,
  error: Error,
): Taken {
  const { conv_id } = talk.conversation;
  site.host.log('warn', 'Something that came cannot be read', {
    ...{ conversation: conv_id, type: data.type, error: error.message },
    ...(error instanceof BadWire && { code: error.code }),
  });
  const isLost = error instanceof BadWire && error.code === 'lost';
  const key = groupKey(conv_id);
  const save = isLost ? [voice.state.change(key, null)] : [];
  if (data.type !== 'application') return { events: [], save };
  const at = { sinceMs: data.accepted_ms, sentAtMs: data.accepted_ms, key: event_id };
  const view = { chat: chatIdOf(conv_id), receiver: voice.id };
  return { events: [{ kind: 'hole', ...view, ...at }], save };
}

const bytesOf = (body: string) => new Uint8Array(Buffer.from(body, 'base64url'));
