import { quiet } from './measure/machine-use.ts';
import { openStage } from './stage.ts';
import type { Subject, SubjectName } from './subjects.ts';
import type { Finding, Scale, Work } from './work/work.ts';

/** Others may use the machine too. So long their end is waited for, and so often it is tried again. */
const QUIET_MS = 3_000;
const TRIES = 2;
/** More than this of a core at other work spoils a run. */
const NOISY_CORES = 0.3;

/** One run of one subject. Runs with the same number were done one after the other. */
export interface Run extends Finding {
  readonly work: string;
  readonly subject: SubjectName;
  readonly number: number;
}

export interface How {
  readonly scale: Scale;
  readonly runs: number;
  readonly isQuick: boolean;
  /** What node is started with. */
  readonly node: readonly string[];
  readonly log: (line: string) => void;
}

/** Measures all subjects in turn, again and again, so that what changes on the machine changes for all. */
export async function runWork(
  work: Work,
  subjects: readonly Subject[],
  how: How,
): Promise<readonly Run[]> {
  const its = subjects.filter(({ name }) => work.subjects?.includes(name) ?? true);
  const found: Run[] = [];
  for (let number = 0; number < how.runs; number++)
    for (const subject of rotated(its, number)) {
      const finding = await quietest(work, subject, how);
      found.push({ work: work.name, subject: subject.name, number, ...finding });
      how.log(`${work.name} #${number + 1} ${subject.name}: ${text(finding)}`);
    }
  return found;
}

/** Nobody is always first. */
const rotated = <T>(all: readonly T[], by: number): readonly T[] =>
  all.map((_, at) => all[(at + by) % all.length] as T);

/** The least disturbed of a few tries. */
async function quietest(work: Work, subject: Subject, how: How): Promise<Finding> {
  let best: Finding | undefined;
  for (let tries = 0; tries < (how.isQuick ? 1 : TRIES); tries++) {
    if (!how.isQuick) await quiet(QUIET_MS);
    const finding = await once(work, subject, how);
    if (!best || finding.otherCores < best.otherCores) best = finding;
    if (best.otherCores <= NOISY_CORES) break;
  }
  return best as Finding;
}

async function once(work: Work, subject: Subject, { scale, node }: How): Promise<Finding> {
  const stage = await openStage(subject, work.stage(scale), node);
  try {
    return await work.run(stage, scale);
  } finally {
    await stage.close();
  }
}

const text = ({ figures, otherCores }: Finding): string =>
  [
    ...Object.entries(figures).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`),
    ...(otherCores > NOISY_CORES ? [`(noisy: ${otherCores.toFixed(1)} cores)`] : []),
  ].join(', ');
