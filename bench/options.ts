import { parseArgs } from 'node:util';

export interface Options {
  readonly isQuick: boolean;
  readonly runs: number;
  /** Only works whose name matches. */
  readonly only: RegExp;
  readonly subjects: RegExp;
  readonly out: string;
  readonly profile: boolean;
  readonly growth: boolean;
}

export const usage = `npm run bench -- [options]

Measures the bridge beside its peers and beside floors that do the least there is to do.

  --quick       a smoke run: everything once, small, in under a minute
  --runs N      how often each is measured, one after the other in turn (5)
  --only X      only works whose name matches, such as matrix or remote-warm
  --subjects X  only subjects whose name matches, such as drawbridge or floor
  --out FILE    where the results are kept; what is there of other works stays (.cache/bench/results.json)
  --growth      instead of all that: what a message costs as portals and links grow, once each
  --profile     writes a CPU profile of each subject beside the results`;

/** @throws {Error} with what is wrong, for whoever typed it. */
export function readOptions(args: readonly string[]): Options {
  const string = { type: 'string' } as const;
  const boolean = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ quick: boolean, profile: boolean, growth: boolean },
      ...{ runs: string, only: string, subjects: string, out: string },
    },
  });
  const isQuick = values.quick ?? false;
  const growth = values.growth ?? false;
  const runs = Number(values.runs ?? (isQuick || growth ? 1 : 5));
  if (!Number.isSafeInteger(runs) || runs < 1) throw new Error('--runs: a whole number from 1');
  return {
    ...{ isQuick, runs, growth, profile: values.profile ?? false },
    only: new RegExp(values.only ?? ''),
    subjects: new RegExp(values.subjects ?? ''),
    out: values.out ?? `.cache/bench/${isQuick ? 'quick' : 'results'}.json`,
  };
}
