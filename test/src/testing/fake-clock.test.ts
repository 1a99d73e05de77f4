import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../../src/testing/index.ts';

describe('fakeClock', () => {
  it('runs what is due in the order of time, then of asking, each at its own moment', async () => {
    const clock = fakeClock(1000);
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name} at ${clock.now()}`);
    clock.after(20, note('late'));
    clock.after(10, note('first'));
    clock.after(10, note('second'));
    clock.after(31, note('never'));
    await clock.advance(30);
    expect(ran).toEqual(['first at 1010', 'second at 1010', 'late at 1020']);
    expect(clock.now()).toBe(1030);
  });

  it('runs what was asked for on the way, after promises have settled', async () => {
    const clock = fakeClock();
    const ran: number[] = [];
    const again = async () => {
      ran.push(clock.now());
      await Promise.resolve();
      await Promise.resolve();
      clock.after(10, () => void again());
    };
    clock.after(10, () => void again());
    await clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
  });

  it('does not run what was cancelled, even by one that is due at the same time', async () => {
    const clock = fakeClock();
    const ran: string[] = [];
    clock.after(5, () => cancel());
    const cancel = clock.after(5, () => void ran.push('cancelled'));
    expect(clock.waiting).toBe(2);
    await clock.advance(5);
    expect(ran).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  it('runs at once, when turned by nothing, what is due now or was due before', async () => {
    const clock = fakeClock(50);
    const ran: number[] = [];
    clock.after(0, () => void ran.push(0));
    clock.after(-5, () => void ran.push(-5));
    expect(ran).toEqual([]);
    await clock.advance(0);
    expect(ran).toEqual([0, -5]);
    expect(clock.now()).toBe(50);
  });

  it('is never turned back', async () => {
    await expect(fakeClock().advance(-1)).rejects.toThrow('-1 ms');
    await expect(fakeClock().advance(Number.NaN)).rejects.toThrow('NaN ms');
  });
});
