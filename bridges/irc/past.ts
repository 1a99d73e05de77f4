import { randomUUID } from 'node:crypto';
import type { Newest } from '#adapter';
import type { Channel } from './channel.ts';
import { type Connection, pongOf } from './wire/connection.ts';
import { buildLine } from './wire/line.ts';

/** Asked for from so long before the newest that is known: a line of ours may have been under way. */
const BEFORE_KNOWN_MS = 60_000;
/** More than that was said while nobody listened: the newest of it will do, and a hole. */
const MOST_PAGES = 30;

interface Asking {
  readonly connection: Connection;
  /** The most lines that the server gives at a time. */
  readonly limit: number;
  /** What comes later the bot hears itself. By the server's clock. */
  readonly joinedAtMs: number;
}

/**
 * Asks for what was said in channels that were just joined, since the newest that is known, where the
 * server keeps it. The answers come to the channels as replays.
 *
 * Pages go on by message id, as several lines may have one time.
 *
 * @see https://ircv3.net/specs/extensions/chathistory
 */
export async function askForPast(
  connection: Connection,
  channels: readonly Channel[],
): Promise<void> {
  const { pastLimit: limit } = connection.state.features;
  if (limit === undefined || !connection.has('draft/chathistory')) return;
  const joinedAtMs = connection.clock.now() + (connection.clockSkewMs ?? 0);
  const asking = { connection, limit, joinedAtMs };
  const known = channels.filter(({ since }) => since !== undefined);
  if (known.length === 0) return;
  // The line before proves that nothing is missing after it.
  const first = ({ name, since }: Channel) => [
    buildLine('CHATHISTORY', ['BEFORE', name, timestamp(startOf(since) + 1), '1']),
    buildLine('CHATHISTORY', ['AFTER', name, timestamp(startOf(since)), String(limit)]),
  ];
  for (const channel of known) channel.forgetPast();
  await ask(connection, known.flatMap(first));
  for (const channel of known) await askForRest(asking, channel);
}

async function askForRest({ connection, limit, joinedAtMs }: Asking, channel: Channel) {
  const page = (verb: string, from: string) =>
    ask(connection, [buildLine('CHATHISTORY', [verb, channel.name, from, String(limit)])]);
  for (let pages = 1; ; pages++) {
    const count = channel.past.length;
    const last = channel.past.at(-1);
    const atMs = Date.parse(last?.tags.get('time') ?? '');
    const isPast = atMs > startOf(channel.since) && atMs < joinedAtMs;
    const id = last?.tags.get('msgid');
    if (!isPast || id === undefined) return;
    if (pages === MOST_PAGES) {
      channel.forgetPast();
      return page('LATEST', '*');
    }
    // A server may give fewer than asked for though there are more: only none is the end.
    await page('AFTER', `msgid=${id}`);
    if (channel.past.length === count) return;
  }
}

const startOf = (since: Newest | undefined): number => (since?.atMs ?? 0) - BEFORE_KNOWN_MS;

const timestamp = (atMs: number): string => `timestamp=${new Date(atMs).toISOString()}`;

/** Resolves once all answers have come, also where it refuses. @throws {Unanswered} */
async function ask(connection: Connection, lines: readonly string[]): Promise<void> {
  const token = randomUUID();
  const all = [...lines, buildLine('PING', [token])];
  await connection.ask(all, pongOf(token), connection.ended);
}
