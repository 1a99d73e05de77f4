import type { Finding } from '../judge.ts';
import { type Counts, countWays, lines } from '../report.ts';
import type { Way } from '../ways.ts';
import type { IrcRound } from './rounds.ts';
import type { IrcOutcome } from './run-irc.ts';

/** How long the bot may take until it is back, from its start and from the server's. */
export const backWithinMs = 2_000;
export const backAfterServerWithinMs = 3_000;

const shownFindings = 8;

/** Twelve promises and three more: that the bridge worked, and was back in time after either was killed. */
export function countIrc(outcomes: readonly IrcOutcome[]): Counts {
  const all = outcomes.map(({ ways, troubles, rounds }) => {
    const { passed, failed } = countWays(ways);
    const others = [troubles.length === 0, ...inTime(rounds)];
    const kept = others.filter((each) => each).length;
    return { passed: passed + kept, failed: failed + others.length - kept };
  });
  const sum = (key: keyof Counts) => all.reduce((total, each) => total + each[key], 0);
  return { passed: sum('passed'), failed: sum('failed') };
}

const inTime = (rounds: readonly IrcRound[]) => [
  Math.max(0, ...backTimes(rounds)) <= backWithinMs,
  Math.max(0, ...backAfterServerTimes(rounds)) <= backAfterServerWithinMs,
];

const isNumber = (ms: number | undefined) => ms !== undefined;
const backTimes = (rounds: readonly IrcRound[]) =>
  rounds.map(({ backMs }) => backMs).filter(isNumber);
const backAfterServerTimes = (rounds: readonly IrcRound[]) =>
  rounds.map(({ backAfterServerMs }) => backAfterServerMs).filter(isNumber);

const columns = [
  ...['server', 'way', 'kills', 'said', 'arrived', 'lost', 'doubled', 'disorder', 'unknown'],
  ...['holes', 'in holes', 'other'],
];

export const ircTable = (outcomes: readonly IrcOutcome[]): string =>
  lines(
    columns,
    outcomes.flatMap((outcome) => outcome.ways.map((way) => row(outcome, way))),
  );

function row({ server, rounds, holes }: IrcOutcome, { name, crossing, findings }: Way): unknown[] {
  const count = (...faults: Finding['fault'][]) =>
    findings.filter(({ fault }) => faults.includes(fault)).length;
  const orderly = [count('lost'), count('doubled'), count('out of order')];
  const unknown = [...crossing.told.values()].filter((told) => told === 'unknown').length;
  const holed = name === 'IRC to Matrix' ? [holes.told, holes.messages] : ['', ''];
  const other = findings.length - orderly.reduce((sum, each) => sum + each, 0);
  const arrived = new Set(crossing.arrived.map(({ text }) => text)).size;
  const said = crossing.said.length;
  return [server, name, rounds.length, said, arrived, ...orderly, unknown, ...holed, other];
}

/** How many kills there were of what, and how soon the bot was back. */
export function ircLine({ server, rounds, tookMs }: IrcOutcome): string {
  const servers = rounds.filter(({ trouble }) => /killed|restarted/.test(trouble)).length;
  const heldUp = rounds.filter(({ trouble }) => trouble.endsWith('held up')).length;
  const seconds = Math.round(tookMs / 1000);
  return [
    `${server}: ${rounds.length} kills in ${seconds} s, ${servers} of the server, ${heldUp} while it was held up`,
    `  back in its channels ${spread(backTimes(rounds))} (${backWithinMs} ms at most)`,
    `  after the server's return ${spread(backAfterServerTimes(rounds))} (${backAfterServerWithinMs} ms at most)`,
  ].join('\n');
}

function spread(times: readonly number[]): string {
  if (times.length === 0) return 'not measured';
  const sorted = times.map(Math.round).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  return `after ${median} ms in the middle, ${sorted.at(-1)} ms at most, ${sorted.length} times`;
}

/** What went wrong, for whoever has to find out why. Empty: nothing did. */
export function ircDetails({ server, ways, troubles, rounds, dir }: IrcOutcome): string {
  const all = troubles.map((trouble) => `${server}: ${trouble}`);
  for (const way of ways) {
    for (const finding of way.findings.slice(0, shownFindings))
      all.push(`${server}, ${way.name}: ${shown(finding, way, rounds)}`);
    const more = way.findings.length - shownFindings;
    if (more > 0) all.push(`  … and ${more} more, ${way.name}`);
  }
  if (all.length > 0) all.push(`The logs are kept in ${dir}`);
  return all.join('\n');
}

function shown(
  { text, fault, why }: Finding,
  { crossing }: Way,
  rounds: readonly IrcRound[],
): string {
  const sentAtMs = crossing.said.find((each) => each.text === text)?.sentAtMs;
  const round = rounds.find(({ killedAtMs }) => killedAtMs > (sentAtMs ?? 0));
  const when =
    sentAtMs === undefined || !round
      ? ''
      : `, said ${Math.round(round.killedAtMs - sentAtMs)} ms before kill ${round.number} (${round.trouble})`;
  return `"${text}" ${fault}: ${why}${when}`;
}
