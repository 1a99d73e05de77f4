import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../../../bridges/irc/wire/link.ts';

describe('backOffMs', () => {
  const limits = { baseMs: 2_000, maxMs: 300_000 };

  it('doubles with each failure, up to the longest', () => {
    expect([0, 1, 2, 3].map((n) => backOffMs(limits, n, 1))).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(backOffMs(limits, 99, 1)).toBe(300_000);
  });

  it('leaves half of the wait to chance, so that many do not come back at once', () => {
    expect(backOffMs(limits, 3, 0)).toBe(8_000);
    expect(backOffMs(limits, 3, 0.5)).toBe(12_000);
  });
});
