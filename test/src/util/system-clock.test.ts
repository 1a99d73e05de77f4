import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/util/system-clock.ts';

afterEach(() => void vi.useRealTimers());

describe('systemClock', () => {
  it('tells the time of day, in whole milliseconds', () => {
    const now = systemClock.now();
    expect(Math.abs(now - Date.now())).toBeLessThan(1_000);
    expect(Number.isInteger(now)).toBe(true);
  });

  it.each([
    ['back by an hour', -3_600_000],
    ['forward by a day', 86_400_000],
  ])('goes on as before when somebody sets the clock of the machine %s', (_, byMs) => {
    const before = systemClock.now();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs });
    const after = systemClock.now();
    expect(after - before).toBeGreaterThanOrEqual(0);
    expect(after - before).toBeLessThan(1_000);
  });
});
