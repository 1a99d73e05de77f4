import type { Newest, RemoteChatId, RemoteEvent, RemoteMessageId, Sent } from '#adapter';
import { ChannelModes } from './channel-modes.ts';
import { messageIdOf } from './ids.ts';
import { Recent } from './quotes.ts';
import { Topic } from './topic.ts';
import type { Line } from './wire/line.ts';

/** A line of ours that came back. */
interface Echo {
  readonly id: RemoteMessageId;
  readonly atMs: number;
}

/** Keys that are remembered for a lookup. What is older cannot be told any more. */
const REMEMBERED = 2_000;
/** Servers tell the times of a replay in whole seconds. */
const SECOND_MS = 1_000;

/** What is known of the connection on which it was joined. */
export interface Arrival {
  readonly nowMs: number;
  /** By how much the server's clock is ahead. */
  readonly skewMs: number;
  /** Our lines come back with their key. */
  readonly echoes: boolean;
}

/** A channel that the bot listens to: how far back everything that was said in it is known. */
export class Channel {
  readonly chat: RemoteChatId;
  /** As the server writes it. */
  name: string;
  readonly topic = new Topic();
  readonly modes = new ChannelModes();
  state: 'out' | 'joining' | 'in' = 'out';
  /** Why it lets no line in that has codes in it, or takes them out: letters of modes. */
  readonly noCodes = new Set<string>();
  readonly recent = new Recent();
  /** The next try to come in again, if it was refused. */
  failures = 0;
  /** Known up to here, by the server's clock. Absent: what was said before is nobody's concern. */
  since: Newest | undefined;
  private lastId: RemoteMessageId | undefined;
  /** What happened while it was not known yet what was missed. */
  private held: RemoteEvent[] = [];
  /** What the server told of before, as far as it is not read yet. */
  past: Line[] = [];
  /** Every line of ours since then, by our clock, came back or was never there. */
  private coveredSinceMs: number | undefined;
  /** Since then, by our clock, it was listened to without a break. */
  private heardSinceMs: number | undefined;
  /** Lines of ours that came back until then may be forgotten. */
  private forgottenMs = Number.NEGATIVE_INFINITY;
  private readonly echoes = new Map<string, Echo>();

  constructor(chat: RemoteChatId, name: string, newest: Newest | undefined) {
    this.chat = chat;
    this.name = name;
    this.since = newest;
  }

  /** The core knows up to here. */
  startFrom(newest: Newest | undefined): void {
    if (this.state === 'out' && newest) this.since ??= newest;
  }

  /** It is being joined: what is heard from now on waits. */
  begin(): void {
    this.state = 'joining';
    this.topic.begin();
    this.noCodes.clear();
    this.modes.begin();
    this.held = [];
    this.past = [];
  }

  replayed(lines: readonly Line[]): void {
    this.past.push(...lines);
  }

  forgetPast(): void {
    this.past = [];
  }

  /** Gives back what may be told at once. */
  pass(events: readonly RemoteEvent[]): readonly RemoteEvent[] {
    if (this.state === 'in') return this.noted(events);
    if (this.state === 'joining') this.held.push(...events);
    return [];
  }

  private noted(events: readonly RemoteEvent[]): readonly RemoteEvent[] {
    for (const event of events)
      if (event.kind === 'message') {
        this.lastId = event.id;
        this.recent.add(event.id, { nick: event.sender, text: event.body.text });
      }
    return events;
  }

  /** A line of ours came back. */
  echoed(key: string, id: RemoteMessageId, atMs: number): void {
    this.echoes.set(key, { id, atMs });
    for (const [oldest, { atMs: forgottenMs }] of this.echoes) {
      if (this.echoes.size <= REMEMBERED) break;
      this.echoes.delete(oldest);
      this.forgottenMs = Math.max(this.forgottenMs, forgottenMs);
    }
  }

  /**
   * It is joined. Gives back what is to be told, oldest first: a hole where something is missing,
   * what was said meanwhile, and what was heard since.
   */
  arrive(
    read: (line: Line) => readonly RemoteEvent[],
    { nowMs, skewMs, echoes }: Arrival,
  ): readonly RemoteEvent[] {
    const { since, held, past: replay } = this;
    const firstMs = timeOf(replay[0]) ?? nowMs + skewMs;
    const isWhole = since !== undefined && reachesBack(replay, since);
    const told = replay.map((line) => ({ line, events: read(line) }));
    this.state = 'in';
    this.topic.text ??= '';
    this.failures = 0;
    this.held = [];
    this.past = [];
    this.heardSinceMs = echoes ? nowMs : undefined;
    if (!echoes) this.coveredSinceMs = undefined;
    else if (!isWhole || this.coveredSinceMs === undefined)
      this.coveredSinceMs = replay.length > 0 ? firstMs - skewMs + SECOND_MS : nowMs;
    if (!since) return this.noted(held);
    const missed = told.slice(startOf(replay, since)).flatMap(({ events }) => events);
    const hole: RemoteEvent = {
      kind: 'hole',
      chat: this.chat,
      sinceMs: since.atMs,
      sentAtMs: Math.max(firstMs, since.atMs),
    };
    return this.noted([...(isWhole ? [] : [hole]), ...missed, ...held]);
  }

  /** It is no longer listened to. `atMs`: when it last was, by the server's clock. */
  interrupted(atMs: number): void {
    if (this.state === 'in') {
      const { lastId } = this;
      this.since = { ...(lastId && { id: lastId }), atMs };
    }
    this.state = 'out';
  }

  keptOut(): void {
    this.state = 'out';
  }

  /**
   * What became of a line of ours. `cannot-tell`: the channel is not known back to then.
   *
   * @param isKept whether it is of a kind that the history of a channel has in it: words.
   */
  find(key: string, triedAtMs: number, isKept = true): Sent | 'absent' | 'cannot-tell' {
    const echo = this.echoes.get(key);
    if (echo) return { ids: [echo.id] };
    const sinceMs = isKept ? this.coveredSinceMs : this.heardSinceMs;
    const isKnown = sinceMs !== undefined && Math.max(sinceMs, this.forgottenMs) < triedAtMs;
    return isKnown ? 'absent' : 'cannot-tell';
  }
}

const timeOf = (line: Line | undefined): number | undefined => {
  const time = Date.parse(line?.tags.get('time') ?? '');
  return Number.isNaN(time) ? undefined : time;
};

const secondOf = (atMs: number) => Math.floor(atMs / SECOND_MS) * SECOND_MS;

/** A replay has every line after its first, so it is whole if that first one was known before. */
function reachesBack(replay: readonly Line[], { id, atMs }: Newest): boolean {
  if (id !== undefined && replay.some((line) => messageIdOf(line) === id)) return true;
  const firstMs = timeOf(replay[0]);
  return firstMs !== undefined && secondOf(firstMs) < secondOf(atMs);
}

/** The first line that may be news. One too many is dropped by its key. */
function startOf(replay: readonly Line[], { id, atMs }: Newest): number {
  const known = id === undefined ? -1 : replay.findIndex((line) => messageIdOf(line) === id);
  if (known >= 0) return known + 1;
  const first = replay.findIndex((line) => (timeOf(line) ?? atMs) >= secondOf(atMs));
  return first < 0 ? replay.length : first;
}
