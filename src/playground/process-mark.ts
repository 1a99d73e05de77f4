import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, told apart from a later one that was given the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** When it began, in whatever words this system has. Absent where it has none. */
  readonly began?: string;
}

/** `undefined`: there is no such process. */
export function markProcess(pid: number): ProcessMark | undefined {
  if (!exists(pid)) return undefined;
  const began = beganLinux(pid) ?? beganElsewhere(pid);
  return began === undefined ? { pid } : { pid, began };
}

/** Whether the process of the mark still runs. Where in doubt it counts as running. */
export function isRunning(mark: ProcessMark): boolean {
  const now = markProcess(mark.pid);
  if (now === undefined) return false;
  return mark.began === undefined || now.began === undefined || mark.began === now.began;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it is there, and we may not signal it.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Fields 3 and 22 of `/proc/PID/stat`: its state, and ticks from the boot to its start. */
function beganLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in field 2 may hold anything, brackets and blanks included.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' ? 'ended' : `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function beganElsewhere(pid: number): string | undefined {
  try {
    const began = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return began.trim() || undefined;
  } catch {
    return undefined;
  }
}
