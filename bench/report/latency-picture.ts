import { median, SHARES } from '../measure/quantiles.ts';
import type { Run } from '../runner.ts';
import type { SubjectName } from '../subjects.ts';
import { type Curve, frame } from './picture.ts';

const works = [
  { work: 'latency-matrix', title: 'Matrix→remote' },
  { work: 'latency-remote', title: 'remote→Matrix' },
];

/** How long messages are on their way at 200 a second: one panel for each direction, as SVG. */
export function latencyPicture(runs: readonly Run[], subjects: readonly SubjectName[]): string {
  const marks = SHARES.map((share) => `${Number((share * 100).toFixed(1))} %`);
  const panels = works.map(({ work, title }) => ({
    marks,
    title: `${title}: at most so many ms`,
    curves: subjects.flatMap((subject): readonly Curve[] => {
      const its = runs.filter((run) => run.work === work && run.subject === subject && run.curve);
      if (its.length === 0) return [];
      const values = SHARES.map((_, at) =>
        median(its.map(({ curve }) => curve?.[at] ?? Number.NaN)),
      );
      return [{ name: subject, values }];
    }),
  }));
  return frame(panels);
}
