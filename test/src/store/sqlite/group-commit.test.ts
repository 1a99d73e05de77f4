import Sqlite, { type Database } from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { writerBench } from './writer-bench.ts';

const asStored = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value) : value);

describe('groupCommit', () => {
  const { open, insertInto, valuesOf, flushes } = writerBench();

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

  it('takes any number in one transaction', async () => {
    const { writer, insert } = insertInto(open());
    // More than a call may have arguments.
    for (let count = 0; count < 200_000; count++) void writer.soon(() => undefined);
    await insert(1);
    expect(flushes()).toBe(1);
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

  describe('while the disk takes nothing', () => {
    /** No room for more than two pages, until `free`. */
    function fill(db: Database): { free(): void } {
      db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 2}`);
      return { free: () => void db.pragma('max_page_count = 100000') };
    }
    const big = new Uint8Array(50_000);

    it('lets all wait, and writes them in the order in which they came when there is room', async () => {
      const db = open();
      const { insert, clock } = insertInto(db);
      const disk = fill(db);
      const answers = Promise.all([insert(1), insert(big), insert(2)]);
      await clock.advance(60_000);
      const later = insert(3);
      await clock.advance(60_000);
      expect(valuesOf(db)).toEqual([]);
      disk.free();
      await clock.advance(1_000);
      await Promise.all([answers, later]);
      expect(valuesOf(db)).toEqual([1, Buffer.from(big), 2, 3]);
    });

    it('says so once it lasts, once in a minute, and when it is over', async () => {
      const db = open();
      const { insert, clock, logged } = insertInto(db);
      const disk = fill(db);
      const answer = insert(big);
      await clock.advance(1_000);
      expect(logged).toEqual([]);
      await clock.advance(100_000);
      expect(logged).toEqual([
        expect.stringContaining('make room'),
        expect.stringContaining('make room'),
      ]);
      disk.free();
      await clock.advance(1_000);
      await answer;
      expect(logged[2]).toContain('The database is written again');
    });

    it('says nothing of a lock that is held for a moment', async () => {
      const db = open();
      const { insert, clock, logged } = insertInto(db);
      const held = lock(db);
      const answer = insert(1);
      await clock.advance(500);
      held.free();
      await clock.advance(500);
      await answer;
      expect(logged).toEqual([]);
    });

    function lock(db: Database): { free(): void } {
      const other = open(db.name);
      other.exec('BEGIN EXCLUSIVE');
      return { free: () => void other.exec('COMMIT') };
    }

    it.each([
      ['it is full', fill, 'make room'],
      ['somebody else holds the lock', lock, 'another process'],
    ])('rejects all when that lasts too long, and goes on after: %s', async (_, hurt, words) => {
      const db = open();
      const { insert, clock } = insertInto(db, { patienceMs: 5_000 });
      const disk = hurt(db);
      const answers = Promise.allSettled([insert(1), insert(big), insert(2)]);
      await clock.advance(6_000);
      for (const answer of await answers)
        expect(answer).toMatchObject({
          reason: { name: 'StorageError', message: expect.stringContaining(words) },
        });
      expect(valuesOf(db)).toEqual([]);
      disk.free();
      await insert(3);
      expect(valuesOf(db)).toEqual([3]);
    });

    it('rejects all when it closes', async () => {
      const db = open();
      const { writer, insert, clock } = insertInto(db);
      fill(db);
      const answer = insert(big);
      await clock.advance(1_000);
      const closed = writer.close();
      await expect(answer).rejects.toThrow(/make room/);
      await closed;
    });
  });

  it('rejects all at once when the file is damaged, which does not pass', async () => {
    const db = open();
    const { writer, insert } = insertInto(db);
    const failing = writer.run(() => {
      throw new Sqlite.SqliteError('malformed', 'SQLITE_CORRUPT');
    });
    const answers = await Promise.allSettled([insert(1), failing, insert(2)]);
    for (const answer of answers) expect(answer).toMatchObject({ reason: { kind: 'damaged' } });
    expect(valuesOf(db)).toEqual([]);
  });

  it('waits as well while the disk fails', async () => {
    const db = open();
    const { writer, insert, clock, logged } = insertInto(db);
    let fails = 12;
    const failing = writer.run(() => {
      if (fails-- > 0) throw new Sqlite.SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE');
    });
    const answers = Promise.all([insert(1), failing, insert(2)]);
    await clock.advance(60_000);
    await answers;
    expect(valuesOf(db)).toEqual([1, 2]);
    expect(logged[0]).toContain('system log');
  });

  it('shows at once what is wanted soon, and shares the next flush that somebody waits for', async () => {
    const db = open();
    const { insert, soon } = insertInto(db);
    await soon(1);
    expect(valuesOf(db)).toEqual([1]);
    expect(flushes()).toBe(0);
    await Promise.all([insert(2), soon(3)]);
    expect(valuesOf(db)).toEqual([1, 3, 2]);
    expect(flushes()).toBe(1);
  });

  it('shows nobody what somebody waits for, before it is committed', async () => {
    const db = open();
    const { insert } = insertInto(db);
    const written = insert(1);
    expect(valuesOf(db)).toEqual([]);
    await written;
    expect(valuesOf(db)).toEqual([1]);
  });

  it('flushes what is wanted soon by itself, if nobody else comes', async () => {
    const db = open();
    const { soon } = insertInto(db);
    await Promise.all([soon(1), soon(2)]);
    expect(flushes()).toBe(0);
    await vi.waitFor(() => expect(flushes()).toBe(1));
  });

  it('undoes only the one that throws, also of those that are wanted soon', async () => {
    const db = open();
    const { soon } = insertInto(db);
    const answers = await Promise.allSettled([soon(1), soon(1), soon(2)]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(valuesOf(db)).toEqual([1, 2]);
  });

  it('gives the others the same row ids again when it undoes one that throws', async () => {
    const db = open();
    const { writer, soon, insert } = insertInto(db);
    const rowId = db.prepare('INSERT INTO t (v) VALUES (?) RETURNING rowid').pluck();
    const given = await writer.soon(() => rowId.get('mine'));
    await soon('mine').catch(() => {});
    await Promise.allSettled([insert(2), insert(2)]);
    expect(db.prepare('SELECT rowid FROM t WHERE v = ?').pluck().get('mine')).toBe(given);
    expect(valuesOf(db)).toEqual(['mine', 2]);
  });

  it('tells once that what it showed was undone and written again', async () => {
    const db = open();
    const { writer, insert, soon, clock } = insertInto(db);
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 2}`);
    await soon(1);
    const later = insert(new Uint8Array(50_000));
    await clock.advance(1_000);
    expect(writer.wroteAgain()).toBe(false);
    db.pragma('max_page_count = 100000');
    await clock.advance(1_000);
    await later;
    expect([writer.wroteAgain(), writer.wroteAgain()]).toEqual([true, false]);
  });

  it('writes again what it showed and the disk then did not take, before what came later', async () => {
    const db = open();
    const { insert, soon, clock } = insertInto(db);
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages + 2}`);
    await soon(1);
    const later = [insert(new Uint8Array(50_000)), insert(2)];
    await clock.advance(1_000);
    // Nobody can read it until the disk takes it.
    expect(valuesOf(db)).toEqual([]);
    const behind = soon(3);
    db.pragma('max_page_count = 100000');
    await clock.advance(1_000);
    await Promise.all([...later, behind]);
    expect(valuesOf(db)).toEqual([1, new Uint8Array(50_000), 2, 3].map(asStored));
  });

  it('writes what waits when it closes, and rejects what comes later', async () => {
    const db = open();
    const { writer, insert, soon } = insertInto(db);
    const waiting = [soon(1), insert(2)];
    const closed = writer.close();
    expect(flushes()).toBe(1);
    expect(valuesOf(db)).toEqual([1, 2]);
    await Promise.all(waiting);
    await expect(insert(3)).rejects.toThrow(/is closed/);
    await expect(soon(3)).rejects.toThrow(/is closed/);
    await closed;
  });
});
