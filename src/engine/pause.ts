import type { Clock } from '../ports/clock.ts';

/** Resolves after a while, or as soon as `signal` aborts. */
export const pause = (clock: Clock, waitMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const stop = () => {
      cancel();
      resolve();
    };
    const cancel = clock.after(waitMs, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
