import { describe, expect, it } from 'vitest';
import { createNewest } from '../../../../src/engine/hints/newest.ts';
import { fakeClock } from '../../../../src/testing/fake-clock.ts';

function newest() {
  const clock = fakeClock();
  const done: string[] = [];
  const logged: string[] = [];
  const only = createNewest({ clock, log: (_, message) => void logged.push(message) });
  const put = (key: string, what: string) => only.put(key, async () => void done.push(what));
  return { clock, done, logged, only, put };
}

describe('Newest', () => {
  it('does the first at once, and of those that come soon after only the last', async () => {
    const { clock, done, put } = newest();
    for (const what of ['one', 'two', 'three']) put('a', what);
    expect(done).toEqual(['one']);
    await clock.advance(1_000);
    expect(done).toEqual(['one', 'three']);
    await clock.advance(1_000);
    put('a', 'four');
    expect(done).toEqual(['one', 'three', 'four']);
  });

  it('lets no key wait for another', () => {
    const { done, put } = newest();
    for (const key of ['a', 'b']) put(key, key);
    expect(done).toEqual(['a', 'b']);
  });

  it('begins nothing of a key while the last is at work, however long that takes', async () => {
    const { clock, done, only, put } = newest();
    let end = () => {};
    only.put('a', () => new Promise((resolve) => (end = resolve)));
    put('a', 'next');
    await clock.advance(60_000);
    expect(done).toEqual([]);
    end();
    await clock.advance(1_000);
    expect(done).toEqual(['next']);
  });

  it('goes on after what failed, and says so to the operator only', async () => {
    const { clock, done, logged, only, put } = newest();
    only.put('a', async () => {
      throw new Error('gone');
    });
    put('a', 'next');
    await clock.advance(1_000);
    expect(done).toEqual(['next']);
    expect(logged).toHaveLength(1);
  });

  it('forgets what is too much at one time, and has room again afterwards', async () => {
    const { clock, done, put } = newest();
    for (let n = 0; n < 1_001; n++) put(`k${n}`, String(n));
    expect(done).toHaveLength(1_000);
    await clock.advance(1_000);
    put('k1000', 'later');
    expect(done.at(-1)).toBe('later');
    await clock.advance(1_000);
    expect(clock.waiting).toBe(0);
  });

  it('begins nothing more once it is stopped', async () => {
    const { clock, done, only, put } = newest();
    put('a', 'one');
    put('a', 'two');
    await clock.advance(0);
    only.stop();
    put('b', 'three');
    expect(clock.waiting).toBe(0);
    await clock.advance(60_000);
    expect(done).toEqual(['one']);
  });

  it('leaves no timer behind when it is stopped while something is at work', async () => {
    const { clock, only } = newest();
    let end = () => {};
    only.put('a', () => new Promise((resolve) => (end = resolve)));
    only.stop();
    end();
    await clock.advance(0);
    expect(clock.waiting).toBe(0);
  });
});
