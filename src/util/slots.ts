/** A bound on how much runs at once. First come, first served. */
export interface Slots {
  /** Resolves once there is room. @throws the signal's reason when it aborts first. */
  enter(signal: AbortSignal): Promise<void>;
  /** Once for each `enter` that resolved. */
  leave(): void;
}

export function slots(count: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();
  return {
    async enter(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free--;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const settle = (how: () => void) => {
          waiting.delete(admit);
          signal.removeEventListener('abort', giveUp);
          how();
        };
        const admit = () => settle(resolve);
        const giveUp = () => settle(() => reject(signal.reason));
        waiting.add(admit);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
    leave() {
      const [next] = waiting;
      // The slot is handed over, so that nobody who comes just now can pass those who wait.
      if (next) next();
      else free++;
    },
  };
}
