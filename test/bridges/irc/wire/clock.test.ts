import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../../../bridges/irc/wire/clock.ts';
import { systemClock as coreClock } from '../../../../src/util/system-clock.ts';

describe('systemClock', () => {
  it('tells the time that the core tells, also when somebody has set the clock of the machine', () => {
    const machine = vi.spyOn(Date, 'now').mockReturnValue(0);
    onTestFinished(() => machine.mockRestore());
    expect(systemClock.now()).toBeGreaterThan(coreClock.now() - 1_000);
    expect(systemClock.now()).toBeLessThan(coreClock.now() + 1_000);
  });
});
