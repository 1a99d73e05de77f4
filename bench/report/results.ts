import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { Run } from '../runner.ts';

/** What a results file holds: every run, and on what kind of machine. */
export interface Results {
  readonly machine: {
    readonly cores: number;
    readonly memoryGiB: number;
    readonly node: string;
    /** How long the disk takes to make 4 KiB safe. */
    readonly flushMs: number;
  };
  readonly runs: readonly Run[];
}

export function machine(flushMs: number): Results['machine'] {
  const memoryGiB = Math.round(totalmem() / 1024 ** 3);
  return { cores: cpus().length, memoryGiB, node: process.version, flushMs };
}

export const readResults = (path: string): Results | undefined =>
  existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;

/** Puts the runs of some works into the file, in the place of those that it has of them. */
export function keep(path: string, results: Results): Results {
  const works = new Set(results.runs.map(({ work }) => work));
  const others = readResults(path)?.runs.filter(({ work }) => !works.has(work)) ?? [];
  const all = { ...results, runs: [...others, ...results.runs] };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(all, undefined, 1)}\n`);
  return all;
}
