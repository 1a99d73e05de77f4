import { describe, expect, it } from 'vitest';
import { UserRates } from '../../../src/engine/user-rates.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const ann = '@ann:hs.test';

function rates() {
  const clock = fakeClock(1_000_000);
  const lines: string[] = [];
  const networks = [
    { id: 'slow', userRate: { burst: 2, perSecond: 1 } },
    { id: 'other', userRate: { burst: 1, perSecond: 1 } },
    { id: 'free' },
  ];
  const log = (_: string, message: string) => void lines.push(message);
  return { clock, lines, of: new UserRates({ networks, clock, log }) };
}

describe('UserRates', () => {
  it('lets each say so much at once on each network, and then so much a second', async () => {
    const { of, clock } = rates();
    expect([1, 2, 3].map(() => of.take('slow', ann))).toEqual([0, 0, 1_000]);
    expect(of.take('slow', '@bob:hs.test')).toBe(0);
    expect(of.take('other', ann)).toBe(0);
    await clock.advance(1_000);
    expect([1, 2].map(() => of.take('slow', ann))).toEqual([0, 1_000]);
  });

  it('lets everybody say what they like where the config sets no limit', () => {
    const { of } = rates();
    expect(Array.from({ length: 1_000 }, () => of.take('free', ann))).toEqual(Array(1_000).fill(0));
  });

  it('counts who was held back within a minute, on each network', async () => {
    const { of, clock } = rates();
    for (let n = 0; n < 3; n++) of.take('slow', ann);
    for (let n = 0; n < 3; n++) of.take('slow', '@bob:hs.test');
    expect(['slow', 'other'].map((network) => of.countHeldBack(network))).toEqual([2, 0]);
    expect(['slow', 'other'].map((network) => of.isHeldBack(network, ann))).toEqual([true, false]);
    await clock.advance(60_000);
    expect(of.isHeldBack('slow', ann)).toBe(false);
    expect(of.countHeldBack('slow')).toBe(0);
  });

  it('tells once a minute of somebody who says too much', async () => {
    const { of, clock, lines } = rates();
    for (let n = 0; n < 10; n++) of.take('slow', ann);
    expect(lines).toHaveLength(1);
    await clock.advance(60_000);
    for (let n = 0; n < 10; n++) of.take('slow', ann);
    expect(lines).toHaveLength(2);
  });
});
