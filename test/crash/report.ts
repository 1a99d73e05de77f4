import type { Fault, Finding } from './judge.ts';
import type { Round } from './rounds.ts';
import type { Outcome } from './run-certainty.ts';
import type { Way } from './ways.ts';

/** The promises, each of which is kept or broken in each direction. */
const promises: readonly { readonly name: string; readonly broken: readonly Fault[] }[] = [
  { name: 'nothing is lost', broken: ['lost'] },
  { name: 'nothing is doubled', broken: ['doubled'] },
  { name: 'the order is kept', broken: ['out of order'] },
  { name: 'what is taken back is gone', broken: ['not removed'] },
  { name: 'all is what was said', broken: ['never said', 'changed', 'under a wrong name'] },
  { name: 'nobody is told what is not so', broken: ['told wrongly'] },
];

const shownFindings = 8;

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** How many promises were kept and broken, with one more for each certainty: that the bridge worked. */
export function countPromises(outcomes: readonly Outcome[]): Counts {
  let failed = 0;
  let all = 0;
  for (const { ways, troubles } of outcomes) {
    const counts = countWays(ways);
    failed += counts.failed + (troubles.length > 0 ? 1 : 0);
    all += counts.passed + counts.failed + 1;
  }
  return { passed: all - failed, failed };
}

/** How many of the promises were kept in some directions, and how many broken. */
export function countWays(ways: readonly Way[]): Counts {
  const failed = ways.flatMap((way) => promises.filter((each) => isBroken(each.broken, way)));
  return { passed: ways.length * promises.length - failed.length, failed: failed.length };
}

/** Where nothing crossed, no promise was seen to be kept. */
const isBroken = (faults: readonly Fault[], { findings, crossing }: Way) =>
  crossing.arrived.length === 0 || findings.some(({ fault }) => faults.includes(fault));

/** How many kills there were, and in what troubles. */
export function killsLine({ rounds, tookMs }: Outcome): string {
  const away = (server: string) =>
    rounds.filter(({ trouble }) => trouble.startsWith(server) && !trouble.endsWith('restarted'))
      .length;
  const whole = `${rounds.length} kills in ${Math.round(tookMs / 1000)} s`;
  const lost = rounds.filter(({ trouble }) => trouble === 'queue lost').length;
  return `${whole}, ${away('network')} while the network was away, ${away('homeserver')} the homeserver, ${lost} after it lost its queue`;
}

const columns = [
  'certainty',
  'way',
  'kills',
  'said',
  'arrived',
  'lost',
  'doubled',
  'disorder',
  'not removed',
  'unknown',
  'late',
  'other',
];

/** One line for each certainty and direction. */
export function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap((outcome) => outcome.ways.map((way) => row(outcome, way)));
  return lines(columns, rows);
}

/** A table for a terminal. */
export function lines(titles: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => String(cells[column]).length)),
  );
  const line = (cells: readonly unknown[]) =>
    cells
      .map((cell, column) => String(cell).padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [titles, ...rows].map(line).join('\n');
}

function row({ certainty, rounds }: Outcome, { name, crossing, findings }: Way): unknown[] {
  const count = (...faults: Fault[]) =>
    findings.filter(({ fault }) => faults.includes(fault)).length;
  const arrived = new Set(crossing.arrived.map(({ text }) => text)).size;
  const unknown = [...crossing.told.values()].filter((told) => told === 'unknown').length;
  const late = crossing.arrived.filter(({ isLate }) => isLate).length;
  const orderly = [count('lost'), count('doubled'), count('out of order'), count('not removed')];
  const other = count('never said', 'changed', 'under a wrong name', 'told wrongly');
  return [
    certainty,
    name,
    rounds.length,
    crossing.said.length,
    arrived,
    ...orderly,
    unknown,
    late,
    other,
  ];
}

/** What went wrong, for whoever has to find out why. Empty: nothing did. */
export function details(outcome: Outcome): string {
  const lines = outcome.troubles.map((trouble) => `${outcome.certainty}: ${trouble}`);
  for (const way of outcome.ways) {
    for (const finding of way.findings.slice(0, shownFindings)) {
      lines.push(
        `${outcome.certainty}, ${way.name}: "${finding.text}" ${finding.fault}: ${finding.why}`,
      );
      lines.push(...history(finding, way, outcome).map((line) => `    ${line}`));
    }
    const more = way.findings.length - shownFindings;
    if (more > 0) lines.push(`  … and ${more} more, ${way.name}`);
  }
  if (lines.length > 0) lines.push(`Both logs and the bridge's are kept in ${outcome.dir}`);
  return lines.join('\n');
}

/** When it was said, what was going on then, and where it is now. */
function history({ text }: Finding, { crossing }: Way, { rounds }: Outcome): string[] {
  const said = crossing.said.find((each) => each.text === text);
  const places = crossing.arrived.flatMap((each, place) => (each.text === text ? [place] : []));
  const lines: string[] = [];
  if (said !== undefined) {
    const of = said.of === undefined ? '' : ` of "${said.of}"`;
    lines.push(`${said.what}${of} by ${said.sender} in ${said.chat}`);
    if (said.sentAtMs !== undefined) lines.push(`sent ${when(said.sentAtMs, rounds)}`);
    const { confirmedAtMs } = said;
    lines.push(
      confirmedAtMs === undefined ? 'never confirmed' : `confirmed ${when(confirmedAtMs, rounds)}`,
    );
  }
  lines.push(
    places.length === 0
      ? 'not there'
      : `there at ${places.join(', ')} of ${crossing.arrived.length}`,
  );
  const told = crossing.told.get(text);
  if (told !== undefined) lines.push(`its sender was told: ${told}`);
  return lines;
}

function when(atMs: number, rounds: readonly Round[]): string {
  const round = rounds.find(({ killedAtMs }) => killedAtMs > atMs);
  if (round === undefined) return `at ${Math.round(atMs)} ms, after the last kill`;
  const life = atMs < round.startedAtMs ? 'before the bridge started' : 'while the bridge ran';
  const beforeMs = Math.round(round.killedAtMs - atMs);
  return `at ${Math.round(atMs)} ms, ${life} for round ${round.number} (${round.trouble}), ${beforeMs} ms before its kill`;
}
