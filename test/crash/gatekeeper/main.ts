import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDir } from '../../live/support/temporary-dir.ts';
import { asked } from '../asked.ts';
import { countWays, lines } from '../report.ts';
import { type GatekeeperOptions, readOptions, usage } from './options.ts';
import { type GatekeeperOutcome, runGatekeeper } from './run-gatekeeper.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);
const shownFindings = 8;

async function main(options: GatekeeperOptions): Promise<boolean> {
  const { kills, suites, seed, keep } = options;
  const dir = await temporaryDir('gatekeeper-crash');
  print(`Killing the bridge ${kills} times in each suite, seed ${seed}, data in ${dir}`);
  const outcomes: GatekeeperOutcome[] = [];
  for (const suite of suites) {
    const outcome = await runGatekeeper(join(dir, suite.replace('/', '-')), { ...options, suite });
    outcomes.push(outcome);
    print(`${suite}: ${line(outcome)}`);
  }
  print(`\n${table(outcomes)}\n`);
  const wrong = outcomes.flatMap(details);
  for (const detail of wrong) print(detail);
  if (wrong.length > 0) print(`\nAgain, with the same choices: --seed ${seed}; the logs are kept`);
  else if (!keep) await rm(dir, { recursive: true });
  const failed = outcomes.filter((outcome) => details(outcome).length > 0).length;
  print(`${outcomes.length - failed} passed, ${failed} failed`);
  return failed === 0;
}

function line({ rounds, tookMs }: GatekeeperOutcome): string {
  const servers = rounds.filter(({ trouble }) => trouble === 'gatekeeper killed').length;
  const held = rounds.filter(({ trouble }) => trouble === 'gatekeeper held up').length;
  const seconds = Math.round(tookMs / 1000);
  return `${rounds.length} kills in ${seconds} s, ${servers} of the gatekeeper, ${held} while it was held up`;
}

const table = (outcomes: readonly GatekeeperOutcome[]): string =>
  lines(
    ['suite', 'way', 'kills', 'said', 'arrived', 'lost', 'doubled', 'disorder', 'other', 'holes'],
    outcomes.flatMap(({ suite, ways, rounds, holes }) =>
      ways.map(({ name, crossing, findings }) => {
        const count = (fault: string) => findings.filter((one) => one.fault === fault).length;
        const orderly = [count('lost'), count('doubled'), count('out of order')];
        const other = findings.length - orderly.reduce((sum, each) => sum + each, 0);
        const arrived = new Set(crossing.arrived.map(({ text }) => text)).size;
        const sizes = [rounds.length, crossing.said.length, arrived];
        return [suite, name, ...sizes, ...orderly, other, holes.length];
      }),
    ),
  );

function details({ suite, ways, troubles, holes, dir }: GatekeeperOutcome): string[] {
  const findings = ways.flatMap(({ name, findings: all }) => [
    ...all
      .slice(0, shownFindings)
      .map(({ text, fault, why }) => `${suite}, ${name}: "${text}" ${fault}: ${why}`),
    ...(all.length > shownFindings ? [`  … and ${all.length - shownFindings} more`] : []),
  ]);
  const wrong = [...troubles, ...holes.slice(0, shownFindings).map((hole) => `a hole in ${hole}`)];
  const all = [...wrong.map((trouble) => `${suite}: ${trouble}`), ...findings];
  const isWrong = ways.some((way) => countWays([way]).failed > 0) || all.length > 0;
  return isWrong ? [...all, `the logs are in ${dir}`] : [];
}

process.exit((await main(asked(readOptions, usage))) ? 0 : 1);
