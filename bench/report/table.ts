import { median } from '../measure/quantiles.ts';
import type { Run } from '../runner.ts';
import type { SubjectName } from '../subjects.ts';
import type { Line, Work } from '../work/work.ts';
import { figuresOf, type Ratio, ratio } from './ratios.ts';

const OURS = 'drawbridge';
const FLOOR = 'durable floor';
const PEER = 'matrix-appservice-bridge';
const COLUMNS: readonly SubjectName[] = [OURS, FLOOR, 'bare floor', PEER, 'matrix-bot-sdk'];

/** What was measured, in Markdown: medians, and what they cost the processor. */
export function figuresTable(works: readonly Work[], runs: readonly Run[]): string {
  const rows = linesWithRuns(works, runs).map(([line, its]) => [
    `${line.title} (${line.unit})`,
    ...COLUMNS.map((subject) => cell(its, subject, line)),
  ]);
  return table([`what (CPU ms per 1,000)`, ...COLUMNS], rows);
}

/** What was to be reached, and whether it was: medians of paired ratios, with the least and the most. */
export function targetsTable(works: readonly Work[], runs: readonly Run[]): string {
  const rows = linesWithRuns(works, runs)
    .filter(([line]) => line.againstFloor !== undefined)
    .map(([line, its]) => [
      line.title,
      ...verdict(line, line.againstFloor, ratio(its, line.figure, [OURS, FLOOR])),
      ...verdict(line, line.againstPeer, ratio(its, line.figure, [OURS, PEER])),
    ]);
  const head = ['what', `wanted of the ${FLOOR}`, 'reached', `wanted of ${PEER}`, 'reached'];
  return table(head, rows);
}

const linesWithRuns = (works: readonly Work[], runs: readonly Run[]) =>
  works.flatMap(({ name, lines }) => {
    const its = runs.filter(({ work }) => work === name);
    return its.length === 0 ? [] : lines.map((line) => [line, its] as const);
  });

function cell(runs: readonly Run[], subject: SubjectName, { figure }: Line): string {
  const found = figuresOf(runs, subject, figure);
  if (found.length === 0) return '';
  const cpu = figuresOf(runs, subject, 'cpuMsPerThousand');
  const cost = figure === 'perSecond' ? ` (${number(median(cpu))})` : '';
  return `${number(median(found))}${cost}`;
}

function verdict({ isBetter }: Line, wanted: number | undefined, reached: Ratio | undefined) {
  if (wanted === undefined || !reached) return ['', ''];
  const isMore = isBetter === 'more';
  const isReached = isMore ? reached.median >= wanted : reached.median <= wanted;
  const { median: middle, least, most } = reached;
  const shown = `${two(middle)} (${two(least)}–${two(most)})`;
  return [`${isMore ? '≥' : '≤'} ${wanted}`, isReached ? `**${shown}**` : shown];
}

const two = (value: number) => value.toFixed(2);

/** Three digits, and a comma for thousands. */
const number = (value: number) =>
  Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 2 });

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
