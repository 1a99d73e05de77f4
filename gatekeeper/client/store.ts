import Database from 'better-sqlite3';

/** What was said or happened in a conversation, as its user is told. */
export interface Entry {
  /** Of the event that told it; absent of what this device said. */
  readonly eventId?: string;
  readonly text: string;
}

export interface Queued {
  readonly n: number;
  readonly text: string;
}

export interface Changes {
  /** `from`: what it must still be, or nothing is written. `to` absent: it is deleted. */
  readonly set?: readonly {
    readonly key: string;
    readonly from?: Uint8Array | undefined;
    readonly to?: Uint8Array | undefined;
  }[];
  readonly log?: readonly Entry[];
  readonly queue?: readonly string[];
  readonly requeue?: Queued;
  readonly done?: number;
}

/** Somebody else was faster: read again, and take the step from there. */
export class Stale extends Error {}

/** All that a client knows, in one file. */
export class ClientStore {
  readonly #db: Database.Database;

  constructor(file: string) {
    this.#db = new Database(file);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.exec(`
      CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS log (n INTEGER PRIMARY KEY, event_id TEXT UNIQUE, text TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS queue (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
    `);
  }

  get(key: string): Uint8Array | undefined {
    const row = this.#db.prepare('SELECT value FROM facts WHERE key = ?').get(key);
    return (row as { value: Uint8Array } | undefined)?.value;
  }

  text(key: string): string | undefined {
    const value = this.get(key);
    return value && Buffer.from(value).toString();
  }

  /** What is behind the prefix in the keys that begin so. */
  under(prefix: string): readonly string[] {
    const keys = this.#db.prepare('SELECT key FROM facts WHERE substr(key, 1, ?) = ? ORDER BY key');
    return keys
      .pluck()
      .all(prefix.length, prefix)
      .map((key) => String(key).slice(prefix.length));
  }

  first(): Queued | undefined {
    return this.#db.prepare('SELECT n, text FROM queue ORDER BY n LIMIT 1').get() as
      | Queued
      | undefined;
  }

  logged(after: number): readonly Queued[] {
    return this.#db
      .prepare('SELECT n, text FROM log WHERE n > ? ORDER BY n')
      .all(after) as Queued[];
  }

  knows(eventId: string): boolean {
    return this.#db.prepare('SELECT 1 FROM log WHERE event_id = ?').get(eventId) !== undefined;
  }

  /** All of it or nothing. @throws Stale */
  commit(changes: Changes): void {
    this.#db.transaction(() => this.#write(changes)).immediate();
  }

  #write({ set = [], log = [], queue = [], requeue, done }: Changes): void {
    for (const change of set) this.#set(change);
    const add = this.#db.prepare('INSERT INTO log (event_id, text) VALUES (?, ?)');
    for (const { eventId, text } of log) add.run(eventId ?? null, text);
    const last = this.#db.prepare('INSERT INTO queue (text) VALUES (?)');
    for (const text of queue) last.run(text);
    if (requeue)
      this.#db.prepare('UPDATE queue SET text = ? WHERE n = ?').run(requeue.text, requeue.n);
    if (done !== undefined) this.#db.prepare('DELETE FROM queue WHERE n = ?').run(done);
  }

  #set(change: NonNullable<Changes['set']>[number]): void {
    const { key, from, to } = change;
    const now = this.get(key);
    const isSame = from && now ? Buffer.compare(from, now) === 0 : from === now;
    if ('from' in change && !isSame) throw new Stale(key);
    if (to === undefined) this.#db.prepare('DELETE FROM facts WHERE key = ?').run(key);
    else this.#db.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?)').run(key, to);
  }

  close(): void {
    this.#db.close();
  }
}
