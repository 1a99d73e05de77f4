import { randomBytes } from 'node:crypto';
import { DiskLog, readLoopbackLog } from './disk-log.ts';
import { type FeedHint, type FeedItem, type Passing, toFeedItem, view } from './feed.ts';
import type { Certainty, Fact, LogEntry } from './record.ts';
import { type Actor, World } from './world.ts';

const pageSize = 100;
const hintsKept = 200;

export interface FeedPage {
  readonly events: readonly FeedItem[];
  readonly hints: readonly FeedHint[];
  /** What to ask for next. */
  readonly next: number;
}

/** The network without its HTTP face: a log, what it adds up to, and those who wait for news. */
export class LoopbackState {
  readonly certainty: Certainty;
  readonly maxLineBytes: number | undefined;
  readonly world = new World();
  readonly #entries: LogEntry[] = [];
  readonly #disk: DiskLog | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #hints = new Map<string, FeedHint[]>();

  constructor(options: {
    readonly certainty: Certainty;
    readonly maxLineBytes?: number;
    readonly dir?: string;
  }) {
    const { dir } = options;
    this.certainty = options.certainty;
    this.maxLineBytes = options.maxLineBytes;
    this.#disk = dir === undefined ? undefined : new DiskLog(dir);
    for (const entry of dir === undefined ? [] : readLoopbackLog(dir)) this.#take(entry);
  }

  /** On disk first, then so. Synchronous: nothing can come between a check and what follows it. */
  commit(fact: Fact): LogEntry {
    const entry: LogEntry = { seq: this.end + 1, atMs: Date.now(), ...fact };
    this.#disk?.append(entry);
    this.#take(entry);
    this.#wake();
    return entry;
  }

  /** The number of the newest entry. */
  get end(): number {
    return this.#entries.length;
  }

  entries(): readonly LogEntry[] {
    return this.#entries;
  }

  newToken(account: string, of: { readonly via?: string; readonly ref?: string } = {}): string {
    const token = randomBytes(16).toString('hex');
    this.commit({ type: 'token', account, token, ...of });
    return token;
  }

  page(reader: Actor, after: number): FeedPage {
    const events: FeedItem[] = [];
    let next = Math.min(after, this.end);
    for (; next < this.end && events.length < pageSize; next++) {
      const entry = this.#entries[next];
      const item = entry && toFeedItem(this.world, reader, entry, this.certainty === 'echoes');
      if (item) events.push(item);
    }
    return { events, hints: this.#takeHints(reader), next };
  }

  /** Resolves when something has happened since `after`, or the wait is over. */
  async news(after: number, reader: Actor, until: AbortSignal): Promise<void> {
    if (after !== this.end || this.#hints.get(readerKey(reader))?.length || until.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        until.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      until.addEventListener('abort', done);
    });
  }

  /** Forgotten by whoever does not listen now. */
  hint(actor: Actor, chat: string, passing: Passing): void {
    for (const [key, queue] of this.#hints) {
      const reader = readerOf(key, this.world);
      const seen = reader && view(this.world, reader, chat);
      if (!seen) continue;
      const isOurs = actor.via !== undefined && actor.via === reader.via;
      const by = isOurs ? { by: actor.ref ?? '' } : {};
      queue.push({ chat, user: actor.account.id, ...passing, ...seen, ...by });
      queue.splice(0, queue.length - hintsKept);
    }
    this.#wake();
  }

  close(): void {
    this.#wake();
    this.#disk?.close();
  }

  #take(entry: LogEntry): void {
    if (entry.seq !== this.end + 1)
      throw new Error(`The log has entry ${entry.seq} where ${this.end + 1} belongs`);
    this.#entries.push(entry);
    this.world.apply(entry);
  }

  #takeHints(reader: Actor): readonly FeedHint[] {
    const key = readerKey(reader);
    const queue = this.#hints.get(key) ?? [];
    this.#hints.set(key, []);
    return queue;
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}

const readerKey = ({ account, via }: Actor) => `${account.id}/${via ?? ''}`;

function readerOf(key: string, world: World): Actor | undefined {
  const [id = '', via] = key.split('/');
  const account = world.accounts.get(id);
  return account && { account, ...(via && { via }) };
}
