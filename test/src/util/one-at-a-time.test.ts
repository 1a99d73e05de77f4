import { describe, expect, it } from 'vitest';
import { oneAtATime } from '../../../src/util/one-at-a-time.ts';

function setUp() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const run = oneAtATime(async (key: string) => {
    begun.push(key);
    await new Promise<void>((resolve, reject) =>
      ends.push(key === 'bad' ? () => reject(new Error('no')) : resolve),
    );
  });
  return { begun, run, end: () => ends.shift()?.() };
}

describe('oneAtATime', () => {
  it('does once more, for all of them, what was asked for while it ran', async () => {
    const { begun, run, end } = setUp();
    const all = [run('a'), run('a'), run('a'), run('b')];
    expect(begun).toEqual(['a', 'b']);
    end();
    await all[0];
    await Promise.resolve();
    await new Promise(setImmediate);
    expect(begun).toEqual(['a', 'b', 'a']);
    end();
    end();
    await Promise.all(all);
    expect(begun).toEqual(['a', 'b', 'a']);
  });

  it('begins anew when nothing runs, and goes on after a failure', async () => {
    const { begun, run, end } = setUp();
    const first = run('bad');
    const second = run('bad');
    end();
    await expect(first).rejects.toThrow('no');
    await new Promise(setImmediate);
    end();
    await expect(second).rejects.toThrow('no');
    const third = run('bad');
    end();
    await expect(third).rejects.toThrow('no');
    expect(begun).toEqual(['bad', 'bad', 'bad']);
  });
});
