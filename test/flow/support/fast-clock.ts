import type { Clock } from '../../../src/ports/clock.ts';
import { systemClock } from '../../../src/util/system-clock.ts';

/** A clock that can be made to run: an hour passes in seconds. */
export interface FastClock extends Clock {
  /** So many times as fast as others from now on, for what waits already as well. */
  run(times: number): void;
}

interface Waiting {
  readonly dueMs: number;
  readonly callback: () => void;
  cancel(): void;
}

export function fastClock(): FastClock {
  let speed = 1;
  let base = { atMs: systemClock.now(), beganMs: performance.now() };
  const waiting = new Set<Waiting>();
  const exactly = () => base.atMs + (performance.now() - base.beganMs) * speed;

  function arm(one: Waiting): void {
    one.cancel = systemClock.after((one.dueMs - exactly()) / speed, () => {
      waiting.delete(one);
      one.callback();
    });
  }

  return {
    now: () => Math.round(exactly()),
    after(delayMs, callback) {
      const one = { dueMs: exactly() + delayMs, callback, cancel: () => {} };
      waiting.add(one);
      arm(one);
      return () => {
        waiting.delete(one);
        one.cancel();
      };
    },
    run(times) {
      base = { atMs: exactly(), beganMs: performance.now() };
      speed = times;
      for (const one of waiting) {
        one.cancel();
        arm(one);
      }
    },
  };
}
