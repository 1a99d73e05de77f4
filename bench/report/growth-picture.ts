import { median } from '../measure/quantiles.ts';
import type { Run } from '../runner.ts';
import { nameOf, type Series, series } from '../work/growth.ts';
import { type Curve, frame, type Panel } from './picture.ts';

const ways = [
  { name: 'Matrix→remote', figure: 'matrixCpuMs' },
  { name: 'remote→Matrix', figure: 'remoteCpuMs' },
];

/** What a message costs as portals and links grow: one panel for each, as SVG. */
export const growthPicture = (runs: readonly Run[]): string =>
  frame(series.flatMap((each) => panelOf(each, runs)));

/** Of the sizes that were measured. */
function panelOf({ grows, sizes }: Series, runs: readonly Run[]): readonly Panel[] {
  const points = sizes
    .map((size) => ({
      mark: size[grows].toLocaleString('en-US'),
      its: runs.filter(({ work }) => work === nameOf(grows, size)),
    }))
    .filter(({ its }) => its.length > 0);
  if (points.length === 0) return [];
  const curves = ways.map(
    ({ name, figure }): Curve => ({
      name,
      values: points.map(({ its }) =>
        median(its.map(({ figures }) => figures[figure] ?? Number.NaN)),
      ),
    }),
  );
  const title = `CPU ms per 1,000 messages, by ${grows}`;
  return [{ title, curves, marks: points.map(({ mark }) => mark) }];
}
