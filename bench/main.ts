import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flushMs } from './measure/flush.ts';
import { type Options, readOptions, usage } from './options.ts';
import { growthPicture } from './report/growth-picture.ts';
import { latencyPicture } from './report/latency-picture.ts';
import { keep, machine } from './report/results.ts';
import { figuresTable, targetsTable } from './report/table.ts';
import { type Run, runWork } from './runner.ts';
import { subjects as allSubjects, peersAreInstalled, type Subject } from './subjects.ts';
import { growth } from './work/growth.ts';
import type { Work } from './work/work.ts';
import { FULL, QUICK, works } from './works.ts';

const DIR = '.cache/bench';
const print = (text: string) => process.stdout.write(`${text}\n`);

/** What is done, and how it is drawn. */
interface Plan {
  readonly works: readonly Work[];
  readonly picture: string;
  draw(runs: readonly Run[]): string;
}

function planOf({ growth: isGrowth, isQuick }: Options): Plan {
  if (isGrowth)
    return { works: growth(isQuick ? 2 : undefined), picture: 'growth.svg', draw: growthPicture };
  const names = allSubjects.map(({ name }) => name);
  return { works, picture: 'latency.svg', draw: (runs) => latencyPicture(runs, names) };
}

async function main(options: Options): Promise<void> {
  mkdirSync(DIR, { recursive: true });
  const plan = planOf(options);
  const chosen = plan.works.filter(({ name }) => options.only.test(name));
  const subjects = allSubjects.filter(({ name }) => options.subjects.test(name));
  const isAsked = ({ name }: Subject) =>
    chosen.some((work) => work.subjects?.includes(name) ?? true);
  if (subjects.some((one) => one.isPeer && isAsked(one)) && !peersAreInstalled()) installPeers();
  const node = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${join(DIR, 'profiles')}`] : [];
  const scale = options.isQuick ? QUICK : FULL;
  const { runs, isQuick } = options;
  const found: Run[] = [];
  for (const work of chosen)
    found.push(...(await runWork(work, subjects, { scale, runs, isQuick, node, log: print })));
  const results = keep(options.out, { machine: machine(flushMs(DIR)), runs: found });
  const picture = join(dirname(options.out), plan.picture);
  writeFileSync(picture, plan.draw(results.runs));
  print(`\n${JSON.stringify(results.machine)}\n`);
  print(`${figuresTable(plan.works, results.runs)}\n`);
  print(`${targetsTable(plan.works, results.runs)}\n`);
  print(`All runs: ${options.out}. Picture: ${picture}`);
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
