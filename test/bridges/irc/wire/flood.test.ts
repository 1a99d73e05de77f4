import { describe, expect, it } from 'vitest';
import {
  costOf,
  type FloodLimits,
  fullBucket,
  refill,
  spend,
  waitMs,
} from '../../../../bridges/irc/wire/flood.ts';

const limits: FloodLimits = { burst: 5, intervalMs: 1_000, penaltyBytes: 0 };

describe('costOf', () => {
  it('counts what makes the server search as two', () => {
    expect(costOf('PRIVMSG #a :x', limits)).toBe(1);
    expect(costOf('@label=1 JOIN #a', limits)).toBe(2);
  });

  it('counts length where the server does', () => {
    const line = `PRIVMSG #a :${'x'.repeat(250)}`;
    expect(costOf(line, { ...limits, penaltyBytes: 120 })).toBe(3);
    expect(costOf(line, limits)).toBe(1);
  });
});

describe('refill', () => {
  it('gains one in each interval, never more than the burst', () => {
    const empty = { tokens: 0, atMs: 0 };
    expect(refill(empty, limits, 2_500).tokens).toBe(2.5);
    expect(refill(empty, limits, 60_000).tokens).toBe(5);
  });

  it('loses nothing when the clock goes back', () => {
    expect(refill({ tokens: 2, atMs: 1_000 }, limits, 0).tokens).toBe(2);
  });

  it('is full at once where nothing is limited', () => {
    expect(refill({ tokens: 0, atMs: 0 }, { ...limits, intervalMs: 0 }, 0).tokens).toBe(5);
  });
});

describe('waitMs', () => {
  it('is nothing while there are enough', () => {
    expect(waitMs(fullBucket(limits, 0), limits, 5)).toBe(0);
  });

  it('is the time until there are enough', () => {
    expect(waitMs({ tokens: 0.5, atMs: 0 }, limits, 2)).toBe(1_500);
  });

  it('makes up for what went past the queue', () => {
    expect(waitMs(spend(fullBucket(limits, 0), 8), limits, 1)).toBe(4_000);
  });

  it('lets what costs more than the whole bucket go when that is full', () => {
    expect(waitMs(fullBucket(limits, 0), limits, 9)).toBe(0);
  });
});
