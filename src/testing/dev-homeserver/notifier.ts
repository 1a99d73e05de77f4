import type { Clock } from '../../ports/clock.ts';
import { systemClock } from '../../util/system-clock.ts';

/** Wakes those who wait for news. */
export class Notifier {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Wakes everybody whom `concerns` names. */
  wake(concerns: (userId: string) => boolean): void {
    for (const [userId, waiters] of this.#waiting)
      if (concerns(userId)) for (const wake of [...waiters]) wake();
  }

  /** Resolves at news for `userId`, after `timeoutMs`, or when `signal` aborts. */
  wait(userId: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || timeoutMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const waiters = this.#waiting.get(userId) ?? new Set();
      const wake = () => {
        cancel();
        signal.removeEventListener('abort', wake);
        waiters.delete(wake);
        if (waiters.size === 0) this.#waiting.delete(userId);
        resolve();
      };
      const cancel = this.#clock.after(timeoutMs, wake);
      signal.addEventListener('abort', wake);
      this.#waiting.set(userId, waiters.add(wake));
    });
  }
}
