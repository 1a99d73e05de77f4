import {
  BadContent,
  BadWire,
  cursorOf,
  deviceNameOf,
  type Happening,
  type KnownEvent,
  type Member,
  messageIdOf,
  readContainer,
  type Said,
  saidBy,
  suites,
  userUriOf,
} from '#gia';
import { conversationOf, remembered } from './conversations.ts';
import { type Own, storedPackages } from './device.ts';
import type { Conversation, Speaker } from './group-steps.ts';
import { listedDevices, strangers } from './people.ts';
import { changedKey, groupKey, queued } from './sending.ts';
import type { Changes, ClientStore } from './store.ts';

/** What the user of a client is told. A hole is something that was said and cannot be read: it is told, not left out. */
export interface Told {
  readonly conversation: string;
  readonly seq: number;
  readonly from: string;
  readonly what: Heard | Hole;
}

export interface Heard {
  readonly id: string;
  readonly atMs: number;
  readonly said: Said;
}

export interface Hole {
  readonly hole: string;
}

/** A container is kept as it came. */
type Kept = Omit<Told, 'what'> & {
  readonly what: Hole | (Omit<Heard, 'said'> & { readonly content: string });
};

type Message = Extract<KnownEvent, { type: 'message.new' }>;

/** Takes what comes, once: what it changes, and how far the stream was read, in one commit. */
export async function take(speaker: Speaker, happening: Happening): Promise<void> {
  const { store } = speaker.own;
  const cursor = cursorOf(happening);
  const read = cursor ? [{ key: 'cursor', to: Buffer.from(cursor) }] : [];
  const { set = [], ...changes } = happening.isKnown
    ? await changesOf(speaker, happening.event)
    : {};
  store.commit({ ...changes, set: [...set, ...read] });
}

async function changesOf(speaker: Speaker, event: KnownEvent): Promise<Changes> {
  const { store } = speaker.own;
  switch (event.type) {
    case 'conversation.created':
    case 'conversation.updated':
      return { set: [remembered(event.data)] };
    case 'devices.changed':
      return { set: store.under('conversation/').map(marked) };
    case 'message.new':
      return store.knows(event.event_id) ? {} : orHole(event, () => heard(speaker, event));
    default:
      return {};
  }
}

const marked = (id: string) => ({ key: changedKey(id), to: Uint8Array.of(1) });

/**
 * The gatekeeper was told of more than this device knows: its file is a backup. What came since is gone, and the groups may have gone
 * on; each is begun anew, so that whoever speaks next is understood.
 */
export function goneBack({ store }: Own, oldest: string): void {
  const conversations = store.under('conversation/');
  const groups = conversations.filter((id) => store.get(groupKey(id)));
  const hole = (conversation: string): Kept => ({
    ...{ conversation, seq: 0, from: '' },
    what: { hole: 'cursor_gone' },
  });
  store.commit({
    set: [
      { key: 'cursor', to: Buffer.from(oldest) },
      ...groups.map((id) => ({ key: groupKey(id) })),
    ],
    log: conversations.map((id) => ({ text: JSON.stringify(hole(id)) })),
    queue: groups.map((id) => queued(id)),
  });
}

/** Repeated, one's own, or of a group that is being left for another: nothing that a person misses. */
const silent: readonly string[] = ['spent', 'own', 'foreign'];

async function orHole(event: Message, step: () => Promise<Changes>): Promise<Changes> {
  try {
    return await step();
  } catch (error) {
    const isRefusal = error instanceof BadWire || error instanceof BadContent;
    if (!isRefusal) throw error;
    const { code } = error;
    if (silent.includes(code)) return {};
    const isOver = code === 'lost' || code === 'bad_state';
    return {
      log: [entry(event, { hole: code })],
      ...(isOver && { set: [{ key: groupKey(event.conv_id) }] }),
    };
  }
}

function entry(event: Message, what: Kept['what']) {
  const { seq, from } = event.data;
  const kept: Kept = { conversation: event.conv_id, seq, from: from.user_ref, what };
  return { eventId: event.event_id, text: JSON.stringify(kept) };
}

async function heard(speaker: Speaker, event: Message): Promise<Changes> {
  const { store } = speaker.own;
  const conversation = await conversationOf(speaker.own, event.conv_id);
  const wire = new Uint8Array(Buffer.from(event.data.body, 'base64url'));
  if (event.data.type === 'welcome') return welcomed(speaker, conversation, { event, wire });
  const suite = suites[conversation.suite];
  const key = groupKey(event.conv_id);
  const from = store.get(key);
  const before = from ?? suite.blank;
  if (!before) throw new BadWire('ahead', 'it was said before the welcome');
  const step = await suite.decrypt(before, wire);
  const set = [{ key, from, to: step.group }];
  if (step.kind === 'changed') await checkMembers(speaker, conversation, { from, to: step.group });
  if (step.kind !== 'said') return { set };
  checkSpeaker(event, step.from?.name);
  return { set, log: [spoken(conversation, event, step.content)] };
}

/** Who encrypted it is who the hub says it is from. */
function checkSpeaker({ data }: Message, name: string | undefined): void {
  const said = deviceNameOf(data.from);
  if (name !== undefined && name !== said) throw new BadWire('damaged', `said to be from ${said}`);
}

function spoken(conversation: Conversation, event: Message, content: Uint8Array) {
  const { accepted_ms: atMs, from } = event.data;
  saidBy(readContainer(content, atMs));
  const id = messageIdOf(content, userUriOf(conversation.uri, from.user_ref), conversation.uri);
  return entry(event, { id, atMs, content: Buffer.from(content).toString('base64') });
}

async function welcomed(
  speaker: Speaker,
  conversation: Conversation,
  { event, wire }: { event: Message; wire: Uint8Array },
): Promise<Changes> {
  const { store } = speaker.own;
  const suite = suites[conversation.suite];
  const packages = storedPackages(store);
  const stored = packages.map((it) => new Uint8Array(Buffer.from(it, 'base64url')));
  const { group, used } = await suite.join(wire, stored);
  const facts = await suite.look(group);
  const isHere =
    facts.conversation === conversation.id && facts.epoch === (event.data.epoch ?? 0) + 1;
  if (!isHere) throw new BadWire('foreign', 'a welcome to somewhere else');
  const before = store.get(groupKey(conversation.id));
  const epoch = before ? (await suite.look(before)).epoch : 0;
  if (facts.epoch < epoch) throw new BadWire('foreign', 'a welcome to what was begun anew since');
  await checkMembers(speaker, conversation, { to: group });
  const left = JSON.stringify(packages.filter((_, at) => at !== used));
  const from = store.get('packages');
  return {
    set: [
      { key: groupKey(conversation.id), from: before, to: group },
      { key: 'packages', from, to: Buffer.from(left) },
    ],
  };
}

interface Change {
  readonly from?: Uint8Array | undefined;
  readonly to: Uint8Array;
}

/** Whoever came in is on a list that its owner signed. */
async function checkMembers(speaker: Speaker, conversation: Conversation, { from, to }: Change) {
  const { connection, store } = speaker.own;
  const { users, suite } = conversation;
  const before = from ? (await suites[suite].look(from)).members : [];
  const known = new Set(before.map(idOf));
  const { members } = await suites[suite].look(to);
  const added = members.filter((member) => !known.has(idOf(member)));
  if (added.length === 0) return;
  const [stranger] = strangers(added, await listedDevices(connection, store, { users, suite }));
  if (stranger) throw new BadWire('unwanted', `${stranger.name} is on nobody's device list`);
}

const idOf = ({ name, publicKey }: Member) => `${name} ${Buffer.from(publicKey).toString('hex')}`;

/** From what was kept, in its order. */
export function toldAfter(
  store: ClientStore,
  n: number,
): readonly { readonly n: number; readonly told: Told }[] {
  return store.logged(n).map((row) => ({ n: row.n, told: toldOf(JSON.parse(row.text)) }));
}

function toldOf({ what, ...kept }: Kept): Told {
  if ('hole' in what) return { ...kept, what };
  const { content, ...heard } = what;
  const bytes = new Uint8Array(Buffer.from(content, 'base64'));
  return { ...kept, what: { ...heard, said: saidBy(readContainer(bytes, heard.atMs)) } };
}
