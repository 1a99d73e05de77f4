import { setTimeout as delay } from 'node:timers/promises';

/** False: it did not move for so long, and is given up. */
export async function until(
  reached: () => number,
  target: number,
  stalledMs = 8_000,
): Promise<boolean> {
  let last = Number.NaN;
  let movedAt = performance.now();
  for (;;) {
    const now = reached();
    if (now >= target) return true;
    if (now !== last) {
      last = now;
      movedAt = performance.now();
    } else if (performance.now() - movedAt > stalledMs) return false;
    await delay(1);
  }
}
