import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flushMs } from './measure/flush.ts';
import { type Options, readOptions, usage } from './options.ts';
import { latencyPicture } from './report/latency-picture.ts';
import { keep, machine } from './report/results.ts';
import { figuresTable, targetsTable } from './report/table.ts';
import { type Run, runWork } from './runner.ts';
import { subjects as allSubjects, peersAreInstalled } from './subjects.ts';
import { FULL, QUICK, works } from './works.ts';

const DIR = '.cache/bench';
const print = (text: string) => process.stdout.write(`${text}\n`);

async function main(options: Options): Promise<void> {
  mkdirSync(DIR, { recursive: true });
  const subjects = allSubjects.filter(({ name }) => options.subjects.test(name));
  if (subjects.some(({ isPeer }) => isPeer) && !peersAreInstalled()) installPeers();
  const node = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${join(DIR, 'profiles')}`] : [];
  const scale = options.isQuick ? QUICK : FULL;
  const { runs, isQuick } = options;
  const found: Run[] = [];
  for (const work of works.filter(({ name }) => options.only.test(name)))
    found.push(...(await runWork(work, subjects, { scale, runs, isQuick, node, log: print })));
  const results = keep(options.out, { machine: machine(flushMs(DIR)), runs: found });
  const picture = join(dirname(options.out), 'latency.svg');
  const names = allSubjects.map(({ name }) => name);
  writeFileSync(picture, latencyPicture(results.runs, names));
  print(`\n${JSON.stringify(results.machine)}\n`);
  print(`${figuresTable(works, results.runs)}\n`);
  print(`${targetsTable(works, results.runs)}\n`);
  print(`All runs: ${options.out}. Latencies: ${picture}`);
}

/** Once: they have a lock file of their own, and never come near ours. */
function installPeers(): void {
  print('Installing the peers');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: 'bench/peers',
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The peers could not be installed; --subjects leaves them out');
}

function optionsOrUsage(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    process.exit(2);
  }
}

await main(optionsOrUsage());
process.exit(0);
