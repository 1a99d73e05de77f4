import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach } from 'vitest';
import type { Log } from '../../../../src/ports/log.ts';
import { explain } from '../../../../src/store/sqlite/explain.ts';
import { groupCommit } from '../../../../src/store/sqlite/group-commit.ts';
import { patience } from '../../../../src/store/sqlite/patience.ts';
import { fakeClock } from '../../../../src/testing/fake-clock.ts';
import { tempFolders } from '../temp-folder.ts';

export interface WriterOptions {
  readonly patienceMs?: number;
  /** How what is committed gets to the disk. Absent: at once. */
  readonly flush?: () => Promise<void>;
  readonly flushNow?: () => void;
  /** Absent: by another thread, always. */
  readonly aloneMs?: number;
  readonly committed?: () => () => void;
}

/** A writer on a database of one table, and what it says to SQLite. */
export function writerBench() {
  const folder = tempFolders();
  const opened: Database[] = [];
  const statements: string[] = [];
  afterEach(() => {
    for (const db of opened.splice(0)) db.close();
    statements.length = 0;
  });

  function open(path = join(folder(), 'a.db')): Database {
    const verbose = (sql: unknown) => statements.push(String(sql));
    const db = new Sqlite(path, { timeout: 0, verbose });
    opened.push(db);
    db.pragma('journal_mode = WAL');
    db.exec('CREATE TABLE IF NOT EXISTS t (v ANY UNIQUE) STRICT');
    statements.length = 0;
    return db;
  }
  const valuesOf = (db: Database) => db.prepare('SELECT v FROM t ORDER BY rowid').pluck().all();
  const flushes = () => statements.filter((sql) => sql === 'COMMIT').length;

  function insertInto(db: Database, options: WriterOptions = {}) {
    const { patienceMs = Number.POSITIVE_INFINITY, ...rest } = options;
    const { flush = async () => {}, flushNow = () => {} } = options;
    const clock = fakeClock();
    const logged: string[] = [];
    const log: Log = (...entry) => void logged.push(JSON.stringify(entry));
    const writer = groupCommit(db, {
      path: 'a.db',
      explain: (error) => explain(error, 'a.db'),
      patience: patience({ patienceMs, clock, log }),
      log: { flush, flushNow },
      aloneMs: Number.POSITIVE_INFINITY,
      ...rest,
    });
    const insert = db.prepare('INSERT INTO t (v) VALUES (?)');
    return {
      writer,
      clock,
      logged,
      insert: (value: unknown) => writer.run(() => insert.run(value).changes),
      soon: (value: unknown) => writer.soon(() => insert.run(value).changes),
    };
  }
  return { open, insertInto, valuesOf, flushes };
}
