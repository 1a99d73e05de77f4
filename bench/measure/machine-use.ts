import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const TICKS_PER_SECOND = 100;
const LOOK_MS = 250;
/** A machine with no more than this at work is quiet. */
const QUIET_CORES = 0.2;

/** Seconds that the cores of this machine were busy, summed. */
export function busySeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, stolen = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softIrq + stolen) / TICKS_PER_SECOND;
}

/** Waits until nothing else is at work, but not for longer than this. */
export async function quiet(mostMs: number): Promise<void> {
  const end = performance.now() + mostMs;
  for (let calm = 0; calm < 2 && performance.now() < end; ) {
    const before = busySeconds();
    const from = performance.now();
    await delay(LOOK_MS);
    const cores = (busySeconds() - before) / ((performance.now() - from) / 1000);
    calm = cores < QUIET_CORES ? calm + 1 : 0;
  }
}
