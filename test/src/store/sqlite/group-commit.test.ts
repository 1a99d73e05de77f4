import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { groupCommit } from '../../../../src/store/sqlite/group-commit.ts';
import { StorageError } from '../../../../src/store/storage-error.ts';
import { tempFolders } from '../temp-folder.ts';

describe('groupCommit', () => {
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

  function insertInto(db: Database) {
    const writer = groupCommit(db, 'a.db');
    const insert = db.prepare('INSERT INTO t (v) VALUES (?)');
    return { writer, insert: (value: unknown) => writer.run(() => insert.run(value).changes) };
  }

  it('shares one flush among all who come before the loop is round', async () => {
    const db = open();
    const { insert } = insertInto(db);
    const early = [insert(1), Promise.resolve().then(() => insert(2))];
    process.nextTick(() => early.push(insert(3)));
    await Promise.all(early);
    await insert(4);
    expect(valuesOf(db)).toEqual([1, 2, 3, 4]);
    expect(flushes()).toBe(2);
  });

  it('answers each after the flush, not before', async () => {
    const db = open();
    const { insert } = insertInto(db);
    await insert(1).then(() => expect(flushes()).toBe(1));
  });

  it('undoes only the one that throws', async () => {
    const db = open();
    const { writer, insert } = insertInto(db);
    const failing = writer.run(() => {
      db.prepare('INSERT INTO t (v) VALUES (9)').run();
      throw new Error('changed my mind');
    });
    const answers = await Promise.allSettled([insert(1), failing, insert(1), insert(2)]);
    expect(answers.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(answers[1]).toMatchObject({ reason: { message: 'changed my mind' } });
    expect(valuesOf(db)).toEqual([1, 2]);
    expect(flushes()).toBe(1);
  });

  it('writes nothing of anybody when the disk is full, and goes on when there is room', async () => {
    const db = open();
    const { insert } = insertInto(db);
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages + 2}`);
    const big = new Uint8Array(50_000);
    const answers = await Promise.allSettled([insert(1), insert(big), insert(2)]);
    for (const answer of answers)
      expect(answer).toMatchObject({ reason: expect.any(StorageError), status: 'rejected' });
    expect(answers[0]).toMatchObject({
      reason: { message: expect.stringContaining('make room') },
    });
    expect(valuesOf(db)).toEqual([]);
    db.pragma('max_page_count = 100000');
    await insert(3);
    expect(valuesOf(db)).toEqual([3]);
  });

  it('writes nothing of anybody when the disk fails halfway, and goes on after', async () => {
    const db = open();
    const { writer, insert } = insertInto(db);
    const failing = writer.run(() => {
      throw new Sqlite.SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE');
    });
    const answers = await Promise.allSettled([insert(1), failing, insert(2)]);
    for (const answer of answers)
      expect(answer).toMatchObject({ reason: { message: expect.stringContaining('system log') } });
    await insert(3);
    expect(valuesOf(db)).toEqual([3]);
  });

  it('rejects all when another process holds the lock for too long, and goes on after', async () => {
    const path = join(folder(), 'a.db');
    const db = open(path);
    const other = open(path);
    const { insert } = insertInto(db);
    other.exec('BEGIN IMMEDIATE');
    const answers = await Promise.allSettled([insert(1), insert(2)]);
    for (const answer of answers)
      expect(answer).toMatchObject({
        reason: { message: expect.stringContaining('another process') },
      });
    other.exec('COMMIT');
    await insert(3);
    expect(valuesOf(db)).toEqual([3]);
  });

  it('writes what waits when it closes, and rejects what comes later', async () => {
    const db = open();
    const { writer, insert } = insertInto(db);
    const waiting = insert(1);
    writer.close();
    expect(valuesOf(db)).toEqual([1]);
    await waiting;
    await expect(insert(2)).rejects.toThrow(/is closed/);
  });
});
