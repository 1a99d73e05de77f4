import { describe, expect, it } from 'vitest';
import { figuresTable, targetsTable } from '../../../bench/report/table.ts';
import type { Run } from '../../../bench/runner.ts';
import type { Work } from '../../../bench/work/work.ts';

const work: Work = {
  name: 'w',
  lines: [
    {
      ...{ title: 'talk', figure: 'perSecond', unit: 'messages/s', isBetter: 'more' },
      ...{ againstFloor: 0.5, againstPeer: 2 },
    },
  ],
  stage: () => ({ portals: 1 }),
  run: async () => ({ figures: {}, otherCores: 0 }),
};

const run = (subject: Run['subject'], perSecond: number): Run => ({
  ...{ work: 'w', subject, number: 0, otherCores: 0 },
  figures: { perSecond, cpuMsPerThousand: 250 },
});

const runs = [
  run('drawbridge', 6_000),
  run('durable floor', 10_000),
  run('matrix-appservice-bridge', 5_000),
];

describe('figuresTable', () => {
  it('shows medians beside one another, and leaves out whom it has nothing of', () => {
    const [, , row] = figuresTable([work], runs).split('\n');

    expect(row).toBe('| talk (messages/s) | 6,000 (250) | 10,000 (250) |  | 5,000 (250) |  |');
  });

  it('has no line for what was not measured', () => {
    expect(figuresTable([{ ...work, name: 'other' }], runs).split('\n')).toHaveLength(2);
  });
});

describe('targetsTable', () => {
  it('marks what is reached, and only that', () => {
    const [, , row] = targetsTable([work], runs).split('\n');

    expect(row).toBe('| talk | ≥ 0.5 | **0.60 (0.60–0.60)** | ≥ 2 | 1.20 (1.20–1.20) |');
  });
});
