import type { LogEntry, LogEntryOf } from './record.ts';
import type { Actor, World } from './world.ts';

/** What a client of the network is told of one thing that happened. */
export interface FeedItem {
  readonly seq: number;
  readonly atMs: number;
  readonly type: LogEntry['type'];
  /** For whom the bot that reads this did it, by its own name; `''`: for itself. */
  readonly by?: string;
  /** A private chat: for whom of its own the bot reads it. */
  readonly for?: readonly string[];
  /** Who came or went is of the bot's own: for whom. */
  readonly whoFor?: readonly string[];
  readonly echoOf?: string;
  readonly [field: string]: unknown;
}

/** What somebody does in passing: types for so long, or has read up to a message. */
export type Passing = { readonly forMs: number } | { readonly upTo: string };

export type FeedHint = Passing & {
  readonly chat: string;
  readonly user: string;
  readonly by?: string;
  readonly for?: readonly string[];
};

/** What of an entry a reader may know. `undefined`: nothing. */
export function toFeedItem(
  world: World,
  reader: Actor,
  entry: LogEntry,
  echoes: boolean,
): FeedItem | undefined {
  if (entry.type.startsWith('account') || entry.type.startsWith('token')) return undefined;
  const { via, ref, key, ...told } = entry as LogEntryOf<'message'>;
  const seen = 'chat' in entry ? view(world, reader, entry.chat) : {};
  if (!seen) return undefined;
  const isOurs = via !== undefined && via === reader.via;
  const whoFor = entry.type === 'member' && reader.via ? world.refsOf(reader.via, entry.who) : [];
  return {
    ...told,
    ...seen,
    ...(whoFor.length > 0 && { whoFor }),
    ...(isOurs && { by: ref ?? '' }),
    ...(isOurs && echoes && key !== undefined && { echoOf: key }),
  };
}

/** Whether and how a reader sees a chat. A bot sees every group, and the private chats of its accounts. */
export function view(
  world: World,
  reader: Actor,
  chatId: string,
): { for?: readonly string[] } | undefined {
  const chat = world.chats.get(chatId);
  if (!chat) return undefined;
  const members = [...chat.members.keys()];
  if (reader.account.kind !== 'bot')
    return chat.members.get(reader.account.id) === 'in' ? {} : undefined;
  if (chat.kind === 'group') return {};
  const bot = reader.account.id;
  const refs = members.flatMap((id) => world.refsOf(bot, id));
  return refs.length > 0 ? { for: refs } : undefined;
}
