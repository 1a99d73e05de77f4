import { describe, expect, it } from 'vitest';
import { tokenBucket } from '../../../src/util/token-bucket.ts';

describe('tokenBucket', () => {
  it('lets a burst through, and then so much a second', () => {
    const bucket = tokenBucket({ burst: 2, perSecond: 2, maxKeys: 10 });
    expect([0, 0, 0, 250].map((atMs) => bucket.take('a', atMs))).toEqual([0, 0, 500, 250]);
    expect(bucket.take('a', 500)).toBe(0);
    expect(bucket.take('a', 500)).toBe(500);
  });

  it('saves up no more than a burst', () => {
    const bucket = tokenBucket({ burst: 2, perSecond: 2, maxKeys: 10 });
    bucket.take('a', 0);
    expect([9000, 9000, 9000].map((atMs) => bucket.take('a', atMs) > 0)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('takes a clock that went back for one that stood', () => {
    const bucket = tokenBucket({ burst: 1, perSecond: 1, maxKeys: 10 });
    bucket.take('a', 5000);
    expect(bucket.take('a', 1000)).toBe(1000);
  });

  it('counts each key by itself, and forgets the one that was used longest ago', () => {
    const bucket = tokenBucket({ burst: 1, perSecond: 1, maxKeys: 2 });
    for (const key of ['a', 'b', 'a', 'c']) bucket.take(key, 0);
    expect(bucket.take('a', 0)).toBe(1000);
    expect(bucket.take('b', 0)).toBe(0);
  });
});
