import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { SOON_MS } from '../../../../src/store/sqlite/group-commit.ts';
import { writerBench } from './writer-bench.ts';

describe('how a writer flushes', () => {
  const { open, insertInto } = writerBench();

  function watched(aloneMs: number) {
    const how: string[] = [];
    const flush = async () => void how.push('beside');
    const flushNow = () => void how.push('at once');
    return { how, ...insertInto(open(), { flush, flushNow, aloneMs }) };
  }

  it('is at once where none was just before, as another thread takes longer to ask', async () => {
    const { how, insert } = watched(-1);
    await insert(1);
    await insert(2);
    expect(how).toEqual(['at once', 'at once']);
  });

  it('is beside the work where one has just ended', async () => {
    const { how, insert } = watched(60_000);
    await insert(1);
    await insert(2);
    expect(how).toEqual(['at once', 'beside']);
  });

  it('is beside the work where many wait, as then there is more to do meanwhile', async () => {
    const { how, insert } = watched(-1);
    await Promise.all([1, 2, 3, 4].map(insert));
    await Promise.all([5, 6, 7, 8, 9].map(insert));
    expect(how).toEqual(['at once', 'beside']);
  });

  it('takes nothing any more if it fails at once', async () => {
    const flushNow = () => {
      throw new Error('EIO');
    };
    const { insert } = insertInto(open(), { flushNow, aloneMs: -1 });
    await expect(insert(1)).rejects.toThrow('EIO');
    await expect(insert(2)).rejects.toThrow('EIO');
  });
});

describe('a writer while a flush is under way', () => {
  const { open, insertInto, flushes } = writerBench();

  /** Flushes of which each lasts until it is ended. */
  function slowDisk() {
    const running: { end(): void; fail(why: Error): void }[] = [];
    const flush = () =>
      new Promise<void>((end, fail) => {
        running.push({ end, fail });
      });
    const last = () => vi.waitFor(() => running.at(-1) ?? expect.fail('Nothing is flushed'));
    return { flush, running, last };
  }
  const isSettled = async (promise: Promise<unknown>) =>
    (await Promise.race([promise, roundsOfTheLoop()])) !== 'pending';
  async function roundsOfTheLoop() {
    for (let round = 0; round < 5; round++) await setImmediate();
    return 'pending';
  }

  it('answers nobody whose words it brings down before it is over', async () => {
    const disk = slowDisk();
    const { insert } = insertInto(open(), disk);
    const answer = insert(1);
    const flush = await disk.last();
    expect(await isSettled(answer)).toBe(false);
    flush.end();
    expect(await answer).toBe(1);
  });

  it('lets what comes meanwhile share the next', async () => {
    const disk = slowDisk();
    const { insert, soon } = insertInto(open(), disk);
    const first = insert(1);
    const flush = await disk.last();
    const others = Promise.all([insert(2), soon(3), roundsOfTheLoop().then(() => insert(4))]);
    expect(await isSettled(others)).toBe(false);
    expect([flushes(), disk.running.length]).toEqual([1, 1]);
    flush.end();
    await first;
    await vi.waitFor(() => expect(disk.running).toHaveLength(2));
    expect(await isSettled(others)).toBe(false);
    disk.running[1]?.end();
    await others;
    expect(flushes()).toBe(2);
  });

  it('brings down afterwards what was only wanted soon', async () => {
    const disk = slowDisk();
    const { insert, soon } = insertInto(open(), disk);
    const first = insert(1);
    const flush = await disk.last();
    await soon(2);
    await setTimeout(SOON_MS * 2);
    expect(flushes()).toBe(1);
    flush.end();
    await first;
    await vi.waitFor(() => expect(disk.running).toHaveLength(2));
  });

  it('tells what is on disk, and not what was committed meanwhile', async () => {
    const disk = slowDisk();
    const told: number[] = [];
    let count = 0;
    const committed = () => {
      const its = ++count;
      return () => void told.push(its);
    };
    const { writer, insert, soon } = insertInto(open(), { ...disk, committed });
    const first = insert(1);
    const flush = await disk.last();
    const later = soon(2);
    writer.settle();
    flush.end();
    await Promise.all([first, later]);
    expect(told).toEqual([1]);
    await vi.waitFor(() => expect(disk.running).toHaveLength(2));
    disk.running[1]?.end();
    await vi.waitFor(() => expect(told).toEqual([1, 2]));
  });

  it('commits all at once when asked, so that no transaction is open', async () => {
    const db = open();
    const disk = slowDisk();
    const { writer, insert, soon } = insertInto(db, disk);
    const first = insert(1);
    const flush = await disk.last();
    await soon(2);
    writer.settle();
    expect(db.inTransaction).toBe(false);
    flush.end();
    await first;
  });

  it('waits for it, and for what came meanwhile, when it closes', async () => {
    const disk = slowDisk();
    const { writer, insert } = insertInto(open(), disk);
    const first = insert(1);
    const flush = await disk.last();
    const second = insert(2);
    const closed = writer.close();
    flush.end();
    await first;
    await vi.waitFor(() => expect(disk.running).toHaveLength(2));
    expect(await isSettled(closed)).toBe(false);
    disk.running[1]?.end();
    await Promise.all([second, closed]);
  });

  it('takes nothing any more if it fails, as nobody can know what is on disk', async () => {
    const disk = slowDisk();
    const { insert, soon } = insertInto(open(), disk);
    const answers = Promise.allSettled([insert(1)]);
    const flush = await disk.last();
    const waiting = Promise.allSettled([insert(2)]);
    flush.fail(new Error('EIO'));
    const later = Promise.allSettled([waiting.then(() => soon(3))]);
    for (const [answer] of [await answers, await waiting, await later])
      expect(answer).toMatchObject({ status: 'rejected', reason: { message: 'EIO' } });
    expect(disk.running).toHaveLength(1);
  });
});
