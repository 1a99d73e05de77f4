import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import type { Said } from '../null/network-client.ts';
import { eventsIn } from './event.ts';

/** What a floor keeps, so that a crash loses nothing. All that it returns from is on disk. */
export interface Journal {
  /** A transaction, as it came. False: it is known. */
  take(id: string, body: Buffer, eventIds: readonly string[]): boolean;
  /** A message has arrived on the network. Soon on disk. */
  arrived(eventId: string, remoteId: string): void;
  hear(messages: readonly Said[]): void;
  /** A message is in its room. Soon on disk. */
  bridged(message: Said, eventId: string): void;
  /** What was taken and had not arrived when it was last stopped. */
  unfinished(): readonly { readonly id: string; readonly body: Buffer }[];
}

/** Keeps nothing. */
export function noJournal(): Journal {
  let last = '';
  return {
    take(id) {
      const isNew = id !== last;
      last = id;
      return isNew;
    },
    arrived() {},
    hear() {},
    bridged() {},
    unfinished: () => [],
  };
}

/** What nobody waits for is on disk after this, or with the next commit that somebody waits for. */
const SOON_MS = 10;

/**
 * The least that is durable: a commit per transaction with its body as it came, a row per message
 * that links both sides, and what is done marked in commits that nobody waits for.
 */
export function sqliteJournal(dataDir: string): Journal {
  const db = new Sqlite(join(dataDir, 'floor.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`
    CREATE TABLE IF NOT EXISTS taken (n INTEGER PRIMARY KEY, id TEXT UNIQUE, body BLOB);
    CREATE TABLE IF NOT EXISTS heard (seq INTEGER PRIMARY KEY, json TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS link (remote TEXT PRIMARY KEY, event TEXT NOT NULL) WITHOUT ROWID;`);
  const commit = committer(db);
  const take = db.prepare('INSERT OR IGNORE INTO taken (id, body) VALUES (?, ?)');
  // The row stays, so that a transaction that comes again is known.
  const empty = db.prepare('UPDATE taken SET body = NULL WHERE n = ?');
  const unfinished = db.prepare<[], { n: number; id: string; body: Buffer }>(
    'SELECT n, id, body FROM taken WHERE body IS NOT NULL ORDER BY n',
  );
  const hear = db.prepare('INSERT INTO heard (seq, json) VALUES (?, ?)');
  const forget = db.prepare('DELETE FROM heard WHERE seq = ?');
  const link = db.prepare('INSERT OR REPLACE INTO link (remote, event) VALUES (?, ?)');
  const open = new Map<string, { readonly row: number; left: number }>();

  function waitFor(row: number, eventIds: readonly string[]): void {
    const its = { row, left: eventIds.length };
    for (const id of eventIds) open.set(id, its);
  }

  return {
    take(id, body, eventIds) {
      const { changes, lastInsertRowid } = commit.now(() => take.run(id, body));
      if (changes > 0) waitFor(Number(lastInsertRowid), eventIds);
      return changes > 0;
    },
    arrived(eventId, remoteId) {
      const its = open.get(eventId);
      open.delete(eventId);
      commit.soon(() => {
        link.run(remoteId, eventId);
        if (its && --its.left === 0) empty.run(its.row);
      });
    },
    hear(messages) {
      commit.now(() => {
        for (const message of messages) hear.run(message.seq, JSON.stringify(message));
      });
    },
    bridged({ seq }, eventId) {
      commit.soon(() => {
        forget.run(seq);
        link.run(`said-${seq}`, eventId);
      });
    },
    unfinished() {
      const rows = unfinished.all();
      for (const { n, body } of rows)
        waitFor(
          n,
          eventsIn(body).map((event) => event.event_id),
        );
      return rows;
    },
  };
}

function committer(db: Database) {
  const begin = db.prepare('BEGIN');
  const end = db.prepare('COMMIT');
  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;

  function now<T>(work: () => T): T {
    const others = waiting;
    waiting = [];
    clearTimeout(timer);
    timer = undefined;
    begin.run();
    for (const other of others) other();
    const result = work();
    end.run();
    return result;
  }
  return {
    now,
    soon(work: () => void): void {
      waiting.push(work);
      timer ??= setTimeout(() => now(() => {}), SOON_MS);
    },
  };
}
