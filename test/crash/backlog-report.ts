import { type Backlog, mostGrownMiB } from './backlog.ts';
import { type Counts, countWays, lines } from './report.ts';

const columns = [
  'way',
  'said',
  'arrived',
  'faults',
  'away',
  'until all was there',
  'memory before',
  'at most',
];

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;

/** One line for each direction. */
export function backlogTable({ ways, waits }: Backlog): string {
  const rows = ways.map(({ name, crossing, findings }, index) => {
    const { awayMs = 0, backMs = 0, beforeMiB = 0, peakMiB = 0 } = waits[index] ?? {};
    const counts = [crossing.said.length, crossing.arrived.length, findings.length];
    const memory = [beforeMiB, peakMiB].map((miB) => `${Math.round(miB)} MiB`);
    return [name, ...counts, seconds(awayMs), seconds(backMs), ...memory];
  });
  const faults = ways.flatMap(({ findings }) => findings).slice(0, 8);
  const shown = faults.map(({ text, fault, why }) => `"${text.slice(0, 40)}" ${fault}: ${why}`);
  return [lines(columns, rows), ...shown].join('\n');
}

/** The promises of both ways, that as much was said as was meant to be, and that memory was bounded. */
export function countBacklog({ messages, ways, waits }: Backlog): Counts {
  const kept = countWays(ways);
  const more = [
    ...ways.map(({ crossing }) => crossing.said.length === messages),
    ...waits.map(({ beforeMiB, peakMiB }) => peakMiB - beforeMiB < mostGrownMiB),
  ];
  const failed = more.filter((isSo) => !isSo).length;
  return { passed: kept.passed + more.length - failed, failed: kept.failed + failed };
}
