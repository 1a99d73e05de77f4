import type { Context } from './context.ts';
import { pause } from './pause.ts';

const LOOK_MS = 200;

/** Waits until nothing waits in the journal, for so long at most. @returns whether nothing does. */
export async function untilDrained(
  { storage, clock }: Pick<Context, 'storage' | 'clock'>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const endMs = clock.now() + deadlineMs;
  for (;;) {
    const pending = await storage.journal.pending();
    if (Object.values(pending).every((lanes) => lanes.length === 0)) return true;
    const leftMs = endMs - clock.now();
    if (leftMs <= 0 || signal.aborted) return false;
    await pause(clock, Math.min(LOOK_MS, leftMs), signal);
  }
}
