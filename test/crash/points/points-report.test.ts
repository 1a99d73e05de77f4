import { describe, expect, it } from 'vitest';
import { type Trial, trialName } from './plan.ts';
import { countTrials, pointDetails } from './points-report.ts';
import type { Run, Show } from './run-points.ts';

const trials = Array.from(
  { length: 100 },
  (_, nth): Trial => ({
    ...{ certainty: 'echoes', scene: 'x' },
    moments: [{ point: 'a.b', nth, when: 'after' }],
  }),
);

function run(passed: number, wrong: readonly Trial[] = []): Run {
  const played = { ways: [], troubles: ['lost'], missed: new Set<string>(), calls: new Map() };
  const show = (trial: Trial): Show => ({ certainty: 'echoes', trials: [trial], played, dir: 'd' });
  const names = new Set(trials.slice(0, passed).map(trialName));
  return { trials, passed: names, wrong: wrong.map(show), plays: 1 };
}

describe('countTrials', () => {
  it('fails what went wrong', () => {
    expect(countTrials(run(100))).toEqual({ passed: 100, failed: 0 });
    expect(countTrials(run(99, trials.slice(99)))).toEqual({ passed: 99, failed: 1 });
  });

  it('lets a few moments never come, and shows them, but not many', () => {
    expect(countTrials(run(98))).toEqual({ passed: 98, failed: 0 });
    expect(pointDetails(run(98)).match(/never came/g)).toHaveLength(2);
    expect(countTrials(run(97))).toEqual({ passed: 97, failed: 3 });
  });
});
