import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;
const KIB_PER_MIB = 1024;

/** What a process and its children have used so far. */
export interface ProcessUse {
  readonly cpuSeconds: number;
  readonly rssMiB: number;
  readonly peakMiB: number;
}

/** Of a process that is gone, nothing. */
export function processUse(pid: number): ProcessUse {
  const uses = tree(pid).map(useOfOne);
  const sum = (key: keyof ProcessUse) => uses.reduce((total, use) => total + use[key], 0);
  return { cpuSeconds: sum('cpuSeconds'), rssMiB: sum('rssMiB'), peakMiB: sum('peakMiB') };
}

function useOfOne(pid: number): ProcessUse {
  const [, user = 0, system = 0] = statOf(pid);
  const status = read(`/proc/${pid}/status`);
  const mib = (key: string) =>
    Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / KIB_PER_MIB;
  return {
    cpuSeconds: (user + system) / TICKS_PER_SECOND,
    rssMiB: mib('VmRSS'),
    peakMiB: mib('VmHWM'),
  };
}

/** The parent, and the ticks spent in the process and for it in the kernel. */
function statOf(pid: number): readonly number[] {
  const stat = read(`/proc/${pid}/stat`);
  // The name of the program may hold anything, but nothing after it a bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [fields[1], fields[11], fields[12]].map((field) => Number(field ?? 0));
}

function tree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const [parent = 0] = statOf(Number(name));
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
