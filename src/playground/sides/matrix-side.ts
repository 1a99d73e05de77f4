import { setTimeout as wait } from 'node:timers/promises';
import { Board, Refused, type Side } from './board.ts';
import type { MatrixClient } from './matrix-client.ts';
import { type RoomEvent, readEvents, toChanges, toMembership } from './matrix-events.ts';

const PAGE_SIZE = 500;
const SYNC_MS = 25_000;
const RETRY_MS = 1000;
const TYPING_MS = 8000;

export interface MatrixSideOptions {
  readonly roomId: string;
  /** The people that the page types as. The first one also listens. */
  readonly clients: readonly [MatrixClient, ...MatrixClient[]];
  /** Whose user it is: a ghost's home is the other side. */
  readonly homeOf: (userId: string) => 'matrix' | 'remote' | 'bridge';
  /** How many events are asked for at a time. Default 500. */
  readonly pageSize?: number;
}

/** The Matrix room, seen and spoken in as its people do: over the client-server API. */
export class MatrixSide implements Side {
  readonly name = 'matrix';
  readonly board = new Board();
  readonly #options: MatrixSideOptions;
  readonly #closing = new AbortController();
  #following: Promise<void> = Promise.resolve();
  /** Who was said to be typing, and may be still. */
  readonly #typing = new Set<string>();
  #since = '';
  #newest: string | undefined;

  constructor(options: MatrixSideOptions) {
    this.#options = options;
  }

  /** Reads all that was said so far, then follows. */
  async open(): Promise<void> {
    await this.#readAll();
    this.#following = this.#follow();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#following;
  }

  async say(as: string, text: string, replyTo?: string): Promise<string> {
    const answer =
      replyTo === undefined ? {} : { 'm.relates_to': { 'm.in_reply_to': { event_id: replyTo } } };
    const id = await this.#send(as, 'm.room.message', { ...plain(text), ...answer });
    if (this.#typing.delete(as)) await this.#setTyping(as, { typing: false });
    return id;
  }

  async edit(as: string, line: string, text: string): Promise<void> {
    await this.#send(as, 'm.room.message', {
      ...plain(`* ${text}`),
      'm.new_content': plain(text),
      'm.relates_to': { rel_type: 'm.replace', event_id: line },
    });
  }

  remove(as: string, line: string): Promise<void> {
    return this.#client(as).redact(this.#options.roomId, line);
  }

  async react(as: string, line: string, emoji: string): Promise<void> {
    const there = this.board
      .line(line)
      ?.reactions.find((each) => each.by === as && each.emoji === emoji);
    if (there?.id !== undefined) return this.remove(as, there.id);
    await this.#send(as, 'm.reaction', {
      'm.relates_to': { rel_type: 'm.annotation', event_id: line, key: emoji },
    });
  }

  async typing(as: string): Promise<void> {
    this.#typing.add(as);
    await this.#setTyping(as, { typing: true, timeout: TYPING_MS });
  }

  async readLog() {
    const events = await this.#history();
    return events
      .flatMap((event) => toChanges(event, this.#isBridged))
      .filter((change) => change.kind === 'said')
      .filter(({ as }) => as !== 'notice');
  }

  get #pageSize(): number {
    return this.#options.pageSize ?? PAGE_SIZE;
  }

  get #room(): string {
    return `/rooms/${encodeURIComponent(this.#options.roomId)}`;
  }

  readonly #isBridged = (userId: string) => this.#options.homeOf(userId) !== 'matrix';

  async #setTyping(as: string, body: object): Promise<void> {
    const path = `${this.#room}/typing/${encodeURIComponent(as)}`;
    await this.#client(as).ask(path, { method: 'PUT', body });
  }

  #client(as: string): MatrixClient {
    const client = this.#options.clients.find(({ userId }) => userId === as);
    if (client === undefined) throw new Refused(`Nobody here can speak as ${as}`);
    return client;
  }

  #send(as: string, type: string, content: object): Promise<string> {
    return this.#client(as).send(this.#options.roomId, type, content);
  }

  async #readAll(): Promise<void> {
    const [listener] = this.#options.clients;
    const { joined, next } = await this.#sync(1, 0);
    const members = await listener.ask<{ chunk?: unknown }>(`${this.#room}/members`);
    for (const event of readEvents(members.chunk)) this.#takeMember(event);
    await this.#takeTimeline(joined.timeline);
    this.#since = next;
  }

  /** What the homeserver left out of a long timeline is fetched first. */
  async #takeTimeline({ events, prev_batch: before, limited }: Timeline): Promise<void> {
    if (limited === true)
      for (const event of await this.#history(before, this.#newest)) this.#take(event);
    for (const event of readEvents(events)) this.#take(event);
  }

  /** Oldest first: up to `before` (absent: the end), from after the event `after` (absent: the beginning). */
  async #history(before?: string, after?: string): Promise<readonly RoomEvent[]> {
    const [listener] = this.#options.clients;
    const newestFirst: RoomEvent[] = [];
    for (let from = before; ; ) {
      const query = {
        dir: 'b',
        limit: String(this.#pageSize),
        ...(from !== undefined && { from }),
      };
      const signal = this.#closing.signal;
      const path = `${this.#room}/messages`;
      const page = await listener.ask<{ chunk?: unknown; end?: string }>(path, { query, signal });
      newestFirst.push(...readEvents(page.chunk));
      const known = newestFirst.findIndex(({ event_id: id }) => id === after);
      if (known >= 0) return newestFirst.slice(0, known).reverse();
      if (page.end === undefined) return newestFirst.reverse();
      from = page.end;
    }
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const { joined, next } = await this.#sync(this.#pageSize, SYNC_MS, this.#since);
        await this.#takeTimeline(joined.timeline);
        this.#takeTyping(joined.ephemeral?.events);
        this.#since = next;
      } catch {
        await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #sync(limit: number, timeoutMs: number, since?: string) {
    const [listener] = this.#options.clients;
    const { roomId } = this.#options;
    const nothing = { types: [] };
    const filter = {
      presence: nothing,
      account_data: nothing,
      room: { rooms: [roomId], account_data: nothing, timeline: { limit } },
    };
    const answer = await listener.ask<SyncAnswer>('/sync', {
      query: {
        filter: JSON.stringify(filter),
        timeout: String(timeoutMs),
        ...(since !== undefined && { since }),
      },
      signal: this.#closing.signal,
    });
    const joined = answer.rooms?.join?.[roomId];
    return { joined: joined ?? { timeline: {} as Timeline }, next: answer.next_batch };
  }

  #take(event: RoomEvent): void {
    this.#newest = event.event_id;
    this.#takeMember(event);
    for (const change of toChanges(event, this.#isBridged)) {
      const isForeign =
        change.kind === 'edited' && this.board.line(change.target)?.sender !== event.sender;
      if (!isForeign) this.board.apply(change);
    }
  }

  #takeMember(event: RoomEvent): void {
    const membership = toMembership(event);
    if (membership === undefined) return;
    const home = this.#options.homeOf(membership.id);
    const maySpeak = this.#options.clients.some(({ userId }) => userId === membership.id);
    this.board.setPerson({ ...membership, home, maySpeak });
  }

  #takeTyping(events: unknown): void {
    for (const event of Array.isArray(events) ? events : []) {
      if (event?.type === 'm.typing') this.board.setTyping(event.content?.user_ids ?? []);
    }
  }
}

interface Timeline {
  readonly events?: unknown;
  readonly prev_batch?: string;
  readonly limited?: boolean;
}

interface SyncAnswer {
  readonly next_batch: string;
  readonly rooms?: {
    readonly join?: Readonly<
      Record<
        string,
        { readonly timeline: Timeline; readonly ephemeral?: { readonly events?: unknown } }
      >
    >;
  };
}

const plain = (text: string) => ({ msgtype: 'm.text', body: text, 'm.mentions': {} });
