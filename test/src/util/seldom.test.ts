import { describe, expect, it } from 'vitest';
import { seldom } from '../../../src/util/seldom.ts';

describe('seldom', () => {
  it('lets the same through once in a while, and others each for itself', () => {
    const { isDue } = seldom({ everyMs: 100, mostKeys: 9 });
    expect(['a', 'a', 'b', 'b'].map((key) => isDue(key, 0))).toEqual([true, false, true, false]);
    expect([99, 100, 101, 200].map((ms) => isDue('a', ms))).toEqual([false, true, false, true]);
  });

  it('forgets the oldest when there are too many', () => {
    const { isDue } = seldom({ everyMs: 100, mostKeys: 2 });
    for (const key of ['a', 'b', 'c']) isDue(key, 0);
    expect(['c', 'b', 'a'].map((key) => isDue(key, 1))).toEqual([false, false, true]);
  });
});
