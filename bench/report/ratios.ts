import { median } from '../measure/quantiles.ts';
import type { Run } from '../runner.ts';
import type { SubjectName } from '../subjects.ts';

export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export const figuresOf = (runs: readonly Run[], subject: SubjectName, figure: string) =>
  runs
    .filter((run) => run.subject === subject)
    .map((run) => run.figures[figure] ?? Number.NaN)
    .filter(Number.isFinite);

/**
 * How one compares with another: each run with the run of the other that was done beside it, since a
 * machine is faster at one time than at another. `undefined`: they were never measured together.
 */
export function ratio(
  runs: readonly Run[],
  figure: string,
  [of, to]: readonly [SubjectName, SubjectName],
): Ratio | undefined {
  const ratios = runs
    .filter(({ subject }) => subject === of)
    .map((run) => {
      const other = runs.find(({ subject, number }) => subject === to && number === run.number);
      return (run.figures[figure] ?? Number.NaN) / (other?.figures[figure] ?? Number.NaN);
    })
    .filter(Number.isFinite);
  if (ratios.length === 0) return undefined;
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}
