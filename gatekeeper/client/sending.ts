import { createHash, randomBytes } from 'node:crypto';
import { ApiFailure, type MessageSend, suites } from '#gia';
import { conversationOf } from './conversations.ts';
import { type Conversation, encode, type Speaker } from './group-steps.ts';
import type { ClientStore, Queued } from './store.ts';

/** What waits to be sent. Once it is encrypted it is sent as it is, under the same keys, until there is an answer. */
interface Outgoing {
  readonly conversation: string;
  /** Base64. Absent: the group is only begun. */
  readonly content?: string;
  readonly requests?: readonly { readonly key: string; readonly body: MessageSend }[];
  /** The hash of the group that was begun with it. */
  readonly founded?: string;
}

export const groupKey = (conversation: string) => `group/${conversation}`;
export const changedKey = (conversation: string) => `changed/${conversation}`;

export function queued(conversation: string, content?: Uint8Array): string {
  const said = content && { content: Buffer.from(content).toString('base64') };
  return JSON.stringify({ conversation, ...said } satisfies Outgoing);
}

/**
 * Sends the first of what waits.
 * @returns `again` where the hub refused it because the world is another one: it is to be encrypted anew, best after more was heard
 * @throws ApiFailure where there was no answer, or a refusal that is no news of the world
 */
export async function sendFirst(speaker: Speaker, first: Queued): Promise<'sent' | 'again'> {
  const { store, connection } = speaker.own;
  const waiting: Outgoing = JSON.parse(first.text);
  const ready = waiting.requests ? waiting : await encrypt(speaker, first, waiting);
  const { requests = [] } = ready;
  // A group that was to be begun, and is there by now.
  if (requests.length === 0) store.commit({ done: first.n });
  for (const [at, { key, body }] of requests.entries()) {
    const params = { conv_id: waiting.conversation };
    try {
      await connection.call('sendMessage', { params, body, key });
    } catch (error) {
      if (!isNews(error)) throw error;
      await taken(store, first, { ...ready, requests: [] }, { body, isTaken: false });
      return 'again';
    }
    await taken(
      store,
      first,
      { ...ready, requests: requests.slice(at + 1) },
      { body, isTaken: true },
    );
  }
  return 'sent';
}

const news: readonly string[] = ['wrong_epoch', 'device_mismatch'];
const isNews = (error: unknown): boolean =>
  error instanceof ApiFailure && news.includes(error.code);

/** The step of the ratchet and what it made, in one commit, before a byte of it leaves. */
async function encrypt(speaker: Speaker, { n }: Queued, waiting: Outgoing): Promise<Outgoing> {
  const { store } = speaker.own;
  const { conversation } = waiting;
  const about = await conversationOf(speaker.own, conversation);
  const [key, changed] = [groupKey(conversation), changedKey(conversation)];
  const [group, mark] = [store.get(key), store.get(changed)];
  const content = waiting.content && new Uint8Array(Buffer.from(waiting.content, 'base64'));
  const from = { group, content: content || undefined, isAligned: mark === undefined };
  const made = await encode(speaker, about, from);
  const requests = made.requests.map((request) => ({
    key: randomBytes(18).toString('base64url'),
    body: { ...request, client_ts: Date.now() },
  }));
  const ready = { ...waiting, requests, ...(!group && { founded: hashOf(made.group) }) };
  store.commit({
    set: [
      { key, from: group, to: made.group },
      { key: changed, from: mark },
    ],
    requeue: { n, text: JSON.stringify(ready) },
  });
  return ready;
}

const hashOf = (group: Uint8Array): string => createHash('sha256').update(group).digest('hex');

interface Word {
  readonly body: MessageSend;
  readonly isTaken: boolean;
}

/** The hub's word on one message. Where it is refused, all is encrypted anew. */
async function taken(store: ClientStore, { n }: Queued, left: Outgoing, { body, isTaken }: Word) {
  const suite = suites[body.suite as Conversation['suite']];
  const key = groupKey(left.conversation);
  const isChange = body.payloads.some(({ type }) => type === 'handshake');
  const group = store.get(key);
  const waits = group && isChange && (await suite.look(group)).unsettled > 0;
  // Somebody else began the conversation first, and their welcome is on its way, or was followed already.
  const isNever = group && isChange && !isTaken && left.founded === hashOf(group);
  const settled = waits ? await suite.settle(group, isTaken) : isNever ? undefined : group;
  const isDone = isTaken && left.requests?.length === 0;
  const { requests: _, founded: __, ...anew } = left;
  store.commit({
    set: [
      { key, from: group, to: settled },
      ...(isTaken ? [] : [{ key: changedKey(left.conversation), to: Uint8Array.of(1) }]),
    ],
    ...(isDone ? { done: n } : { requeue: { n, text: JSON.stringify(isTaken ? left : anew) } }),
  });
}
