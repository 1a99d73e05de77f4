import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDir } from '../live/support/temporary-dir.ts';
import { certainties as allCertainties, type Options, readOptions, usage } from './options.ts';
import { countPromises, details, table } from './report.ts';
import { type Outcome, runCertainty } from './run-certainty.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);

async function main(options: Options): Promise<boolean> {
  const { seed, certainties } = options;
  const dir = await temporaryDir('crash');
  print(`Killing the bridge ${options.kills} times, seed ${seed}, data in ${dir}`);
  const outcomes: Outcome[] = [];
  for (const [index, certainty] of certainties.entries()) {
    const kills = share(options.kills, certainties.length, index);
    if (kills === 0) continue;
    const outcome = await runCertainty(join(dir, certainty), {
      certainty,
      kills,
      // The same whether the others are run as well.
      seed: seed + allCertainties.indexOf(certainty),
    });
    outcomes.push(outcome);
    print(`${certainty}: ${outcome.rounds.length} kills in ${Math.round(outcome.tookMs / 1000)} s`);
  }
  const { passed, failed } = countPromises(outcomes);
  print(`\n${table(outcomes)}\n`);
  for (const outcome of outcomes) if (details(outcome) !== '') print(`${details(outcome)}\n`);
  if (failed > 0) print(`Again, with the same choices: --seed ${seed}`);
  else if (!options.keep) await rm(dir, { recursive: true });
  print(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

/** The kills of one of several, the rest of the division for the first ones. */
const share = (all: number, parts: number, index: number) =>
  Math.floor(all / parts) + (index < all % parts ? 1 : 0);

function optionsOrUsage(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    process.exit(2);
  }
}

process.exit((await main(optionsOrUsage())) ? 0 : 1);
