import { describe, expect, it } from 'vitest';
import { ratio } from '../../../bench/report/ratios.ts';
import type { Run } from '../../../bench/runner.ts';

const run = (subject: Run['subject'], number: number, perSecond: number): Run => ({
  ...{ work: 'w', subject, number, otherCores: 0, figures: { perSecond } },
});

describe('ratio', () => {
  it('compares each run with the one that was done beside it', () => {
    const runs = [
      ...[run('drawbridge', 0, 50), run('durable floor', 0, 100)],
      // The machine became slow, for both.
      ...[run('drawbridge', 1, 6), run('durable floor', 1, 10)],
      ...[run('drawbridge', 2, 40), run('durable floor', 2, 100)],
    ];

    expect(ratio(runs, 'perSecond', ['drawbridge', 'durable floor'])).toEqual({
      median: 0.5,
      least: 0.4,
      most: 0.6,
    });
  });

  it('says nothing of what was never measured together', () => {
    const runs = [run('drawbridge', 0, 50), run('durable floor', 1, 100)];

    expect(ratio(runs, 'perSecond', ['drawbridge', 'durable floor'])).toBeUndefined();
  });
});
