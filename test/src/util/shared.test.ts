import { describe, expect, it } from 'vitest';
import { shared } from '../../../src/util/shared.ts';

describe('shared', () => {
  it('works once for all who ask meanwhile, and anew for who asks later', async () => {
    let count = 0;
    const ask = shared(async () => ++count);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    expect(await ask()).toBe(2);
  });

  it('fails for all who ask meanwhile, and for nobody later', async () => {
    let count = 0;
    const ask = shared(async () => {
      if (++count === 1) throw new Error('away');
      return count;
    });
    const both = Promise.allSettled([ask(), ask()]);
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask()).toBe(2);
  });
});
