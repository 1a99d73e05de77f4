import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDir } from '../../live/support/temporary-dir.ts';
import { asked } from '../asked.ts';
import { type IrcOptions, readOptions, usage } from './options.ts';
import { countIrc, ircDetails, ircLine, ircTable } from './report-irc.ts';
import { type IrcOutcome, runIrc } from './run-irc.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);

async function main({ kills, servers, seed, keep }: IrcOptions): Promise<boolean> {
  const dir = await temporaryDir('irc-crash');
  print(`Killing the bridge ${kills} times beside each server, seed ${seed}, data in ${dir}`);
  const outcomes: IrcOutcome[] = [];
  for (const server of servers) {
    const outcome = await runIrc(join(dir, server), { server, kills, seed });
    outcomes.push(outcome);
    print(ircLine(outcome));
  }
  print(`\n${ircTable(outcomes)}\n`);
  for (const outcome of outcomes) if (ircDetails(outcome) !== '') print(`${ircDetails(outcome)}\n`);
  const { passed, failed } = countIrc(outcomes);
  if (failed > 0) print(`Again, with the same choices: --seed ${seed}`);
  else if (!keep) await rm(dir, { recursive: true });
  print(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

process.exit((await main(asked(readOptions, usage))) ? 0 : 1);
