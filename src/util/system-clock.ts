/**
 * The time of this machine: a `Clock`.
 *
 * It is read off the machine's clock once and counted on from there: when somebody sets that, nothing
 * becomes old at a stroke, and nothing waits for the time that was taken back.
 */
export const systemClock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
  after(delayMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
