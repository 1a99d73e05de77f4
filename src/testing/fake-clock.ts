import type { Clock } from '../ports/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that stands until a test turns it. */
export interface FakeClock extends Clock {
  /**
   * Turns it on, running what becomes due on the way: in the order of time, then of asking, each at
   * its own moment, what was asked for meanwhile included. After each it waits for whatever
   * that set going, as far as promises carry it (not for a disk or a socket).
   */
  advance(ms: number): Promise<void>;
  /** How many callbacks were asked for, and neither run nor cancelled. */
  readonly waiting: number;
}

export function fakeClock(startMs = 0): FakeClock {
  let nowMs = startMs;
  const timers = new Set<Timer>();

  /** A set keeps the order of asking, so of those due together the first asked comes first. */
  const next = (untilMs: number) =>
    [...timers]
      .filter(({ dueMs }) => dueMs <= untilMs)
      .reduce<Timer | undefined>((a, b) => (a && a.dueMs <= b.dueMs ? a : b), undefined);

  return {
    now: () => nowMs,

    get waiting() {
      return timers.size;
    },

    after(delayMs, callback) {
      const timer: Timer = { dueMs: nowMs + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },

    async advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`A clock cannot be turned by ${ms} ms`);
      const untilMs = nowMs + ms;
      await settled();
      for (let timer = next(untilMs); timer; timer = next(untilMs)) {
        timers.delete(timer);
        nowMs = timer.dueMs;
        timer.callback();
        await settled();
      }
      nowMs = untilMs;
    },
  };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
