import { describe, expect, it } from 'vitest';
import { Slices } from '../../../bridges/irc/slices.ts';

/** Work that takes a millisecond each, and a loop that goes on when it is told to. */
function busy() {
  let nowMs = 0;
  const later: (() => void)[] = [];
  const slices = new Slices(
    () => nowMs,
    (work) => later.push(work),
  );
  const done: string[] = [];
  const work = (name: string, then = () => {}) =>
    slices.do(() => {
      nowMs += 1;
      done.push(name);
      then();
    });
  return { work, done, goOn: () => later.shift()?.(), isWaiting: () => later.length > 0 };
}

describe('Slices', () => {
  it('do nothing at once', () => {
    const { work, done } = busy();

    work('a');

    expect(done).toEqual([]);
  });

  it('do what there is, in its order, and then let others have their turn', () => {
    const { work, done, goOn, isWaiting } = busy();
    for (const name of 'abcdefghij') work(name);

    goOn();
    const first = [...done];
    goOn();
    goOn();

    expect(first).toEqual([...'abcd']);
    expect(done).toEqual([...'abcdefghij']);
    expect(isWaiting()).toBe(false);
  });

  it('do what comes up meanwhile after what waits', () => {
    const { work, done, goOn } = busy();
    work('a', () => work('c'));
    work('b');

    goOn();

    expect(done).toEqual([...'abc']);
  });

  it('begin again after a rest', () => {
    const { work, done, goOn } = busy();
    work('a');
    goOn();

    work('b');
    goOn();

    expect(done).toEqual([...'ab']);
  });
});
