import { readFileSync, writeFileSync } from 'node:fs';
import type { ServerProcess } from './server-process.ts';

/** @returns how much of it is in memory now, in MiB; from here on the most is counted anew */
export function restartPeak({ pid }: ServerProcess): number {
  // proc(5): 5 resets the peak.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return statusOf(pid, 'VmRSS');
}

/** The most that was in memory since then. */
export const peakMiB = ({ pid }: ServerProcess): number => statusOf(pid, 'VmHWM');

function statusOf(pid: number | undefined, which: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${which}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}
