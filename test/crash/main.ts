import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDir } from '../live/support/temporary-dir.ts';
import { asked } from './asked.ts';
import { runBacklog } from './backlog.ts';
import { backlogTable, countBacklog } from './backlog-report.ts';
import { certainties as allCertainties, type Options, readOptions, usage } from './options.ts';
import { countTrials, pointDetails, pointsTable } from './points/points-report.ts';
import { runPoints } from './points/run-points.ts';
import { type Counts, countPromises, details, killsLine, table } from './report.ts';
import { type Outcome, runCertainty } from './run-certainty.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);

async function main(options: Options): Promise<boolean> {
  const dir = await temporaryDir('crash');
  const beganAtMs = performance.now();
  const { passed, failed } = await modeOf(options)(dir, options);
  if (failed > 0) print(`Again, with the same choices: --seed ${options.seed}`);
  else if (!options.keep) await rm(dir, { recursive: true });
  const tookS = Math.round((performance.now() - beganAtMs) / 1000);
  print(`${passed} passed, ${failed} failed, in ${tookS} s`);
  return failed === 0;
}

function modeOf({ points, backlog }: Options) {
  if (points) return endAtPoints;
  return backlog === undefined ? killAtRandom : letWait;
}

async function letWait(dir: string, { backlog = 0, homeserver }: Options): Promise<Counts> {
  print(`Having ${backlog} messages wait each way beside ${homeserver}, data in ${dir}`);
  const outcome = await runBacklog(dir, { messages: backlog, homeserver });
  print(`\n${backlogTable(outcome)}\n`);
  return countBacklog(outcome);
}

async function killAtRandom(dir: string, options: Options): Promise<Counts> {
  const { seed, certainties, homeserver } = options;
  print(
    `Killing the bridge ${options.kills} times beside ${homeserver}, seed ${seed}, data in ${dir}`,
  );
  const outcomes: Outcome[] = [];
  for (const [index, certainty] of certainties.entries()) {
    const kills = share(options.kills, certainties.length, index);
    if (kills === 0) continue;
    const outcome = await runCertainty(join(dir, certainty), {
      ...{ certainty, homeserver, kills },
      // The same whether the others are run as well.
      seed: seed + allCertainties.indexOf(certainty),
    });
    outcomes.push(outcome);
    print(`${certainty}: ${killsLine(outcome)}`);
  }
  print(`\n${table(outcomes)}\n`);
  for (const outcome of outcomes) if (details(outcome) !== '') print(`${details(outcome)}\n`);
  return countPromises(outcomes);
}

async function endAtPoints(dir: string, options: Options): Promise<Counts> {
  print(`Ending the bridge at its calls, seed ${options.seed}, data in ${dir}`);
  const run = await runPoints(dir, options, print);
  print(`\n${pointsTable(run)}\n`);
  if (pointDetails(run) !== '') print(`${pointDetails(run)}\n`);
  print(`${run.trials.length} ends of the bridge in ${run.plays} plays`);
  return countTrials(run);
}

/** The kills of one of several, the rest of the division for the first ones. */
const share = (all: number, parts: number, index: number) =>
  Math.floor(all / parts) + (index < all % parts ? 1 : 0);

process.exit((await main(asked(readOptions, usage))) ? 0 : 1);
