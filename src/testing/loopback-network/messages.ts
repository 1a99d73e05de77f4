import { seenChat, spokenChat } from './chats.ts';
import { toFeedItem } from './feed.ts';
import type { LoopbackState } from './network.ts';
import { Problem } from './problem.ts';
import { type Call, doneBy, route } from './route.ts';
import { shapes } from './shapes.ts';
import { type Chat, type Message, markOf, wordsOf } from './world.ts';

/** In UTF-16 units, as JavaScript counts. */
const maxTextLength = 16_384;

/** What is said, changed, taken back and felt. A repeat of what is so already changes nothing. */
export const messageRoutes = [
  route('POST /chats/:chat/messages', shapes.message, (call) => {
    const { state, actor, body } = call;
    const chat = spokenChat(call);
    mustFit(state, body.text);
    const { key, guise, replyTo } = body;
    if (guise && actor.account.kind !== 'bot')
      throw new Problem(403, 'bots_only', 'Only a bot may borrow a name');
    const isHeeded = key !== undefined && state.certainty !== 'nothing';
    const known = isHeeded ? state.world.byKey(actor.account.id, key) : undefined;
    if (known !== undefined && state.certainty === 'drops-repeats') return { id: known };
    const id = `m${state.end + 1}`;
    state.commit({
      type: 'message',
      chat: chat.id,
      id,
      ...doneBy(actor),
      ...wordsOf(body),
      ...(guise && { guise }),
      ...(replyTo !== undefined && { replyTo }),
      ...(isHeeded && { key }),
    });
    return { id };
  }),

  route('PUT /chats/:chat/messages/:message', shapes.edit, (call) => {
    const { state, actor } = call;
    const message = ownMessage(call);
    mustFit(state, call.body.text);
    if (message.removed)
      throw new Problem(404, 'unknown_message', `${message.entry.id} was taken back`);
    const words = wordsOf(call.body);
    if (JSON.stringify(words) !== JSON.stringify(message.words))
      state.commit({ type: 'edit', ...targetOf(message), ...words, ...doneBy(actor) });
    return {};
  }),

  route('DELETE /chats/:chat/messages/:message', shapes.nothing, (call) => {
    const message = ownMessage(call);
    if (!message.removed)
      call.state.commit({ type: 'removal', ...targetOf(message), ...doneBy(call.actor) });
    return {};
  }),

  route('POST /chats/:chat/messages/:message/reactions', shapes.reaction, (call) => {
    const { state, actor, body } = call;
    const message = messageIn(spokenChat(call), call);
    const mark = markOf(actor.account.id, body.emoji, body.guise);
    if (message.reactions.has(mark) === body.removed) {
      const { guise, ...felt } = body;
      const by = { ...doneBy(actor), ...(guise && { guise }) };
      state.commit({ type: 'reaction', ...targetOf(message), ...felt, ...by });
    }
    return {};
  }),

  /** What was said, newest page first, each page oldest first, as it is now. */
  route('GET /chats/:chat/messages', shapes.nothing, (call) => {
    const { query, actor, state } = call;
    const before = number(query, 'before', Number.MAX_SAFE_INTEGER);
    const limit = Math.max(1, Math.min(100, number(query, 'limit', 50)));
    const older = seenChat(call).messages.filter((m) => m.entry.seq < before && !m.removed);
    const page = older.slice(-limit);
    return {
      events: page.map(({ entry, words }) =>
        toFeedItem(state.world, actor, { ...entry, ...words }, false),
      ),
      ...(older.length > page.length && { before: page[0]?.entry.seq }),
    };
  }),

  /** Whether a message with this key arrived from this account. */
  route('GET /lookup', shapes.nothing, ({ state, actor, query }) => {
    if (state.certainty !== 'look-up')
      throw new Problem(404, 'no_lookup', 'This network cannot look up a key');
    const id = state.world.byKey(actor.account.id, query.get('key') ?? '');
    return id === undefined ? {} : { id };
  }),
];

export function number(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Problem(400, 'bad_request', `${name} must be a whole number, not ${text}`);
  return value;
}

function mustFit({ maxLineBytes }: LoopbackState, text: string): void {
  if (text.length > maxTextLength)
    throw new Problem(413, 'too_large', `A message may have ${maxTextLength} characters`);
  if (maxLineBytes !== undefined && Buffer.byteLength(text) > maxLineBytes)
    throw new Problem(413, 'line_too_long', `A line may have ${maxLineBytes} bytes`);
}

function messageIn(chat: Chat, { state, param }: Call): Message {
  const message = state.world.message(param('message'));
  if (message.entry.chat !== chat.id)
    throw new Problem(404, 'unknown_message', `There is no message ${param('message')} here`);
  return message;
}

function ownMessage(call: Call): Message {
  const message = messageIn(spokenChat(call), call);
  if (message.entry.sender !== call.actor.account.id)
    throw new Problem(403, 'not_yours', 'Only who said it may change it or take it back');
  return message;
}

const targetOf = ({ entry }: Message) => ({ chat: entry.chat, target: entry.id });
