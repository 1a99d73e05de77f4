/** Time, so that a test can turn it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `callback` once, after `delayMs`. The returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/**
 * The time of this machine as the core counts it: on from the start of the process, also when somebody
 * sets the machine's clock. What the core has tried and what is heard here are compared by it.
 */
export const systemClock: Clock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
