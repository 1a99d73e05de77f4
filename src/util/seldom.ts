/** Lets the same through once in a while: what repeats itself is worth a line now and then. */
export interface Seldom {
  isDue(key: string, nowMs: number): boolean;
}

/** @param options `mostKeys`: beyond this the key that was let through longest ago is forgotten. */
export function seldom(options: { readonly everyMs: number; readonly mostKeys: number }): Seldom {
  const lastMs = new Map<string, number>();
  return {
    isDue(key, nowMs) {
      const last = lastMs.get(key);
      if (last !== undefined && nowMs - last < options.everyMs) return false;
      lastMs.delete(key);
      lastMs.set(key, nowMs);
      const [oldest] = lastMs.keys();
      if (lastMs.size > options.mostKeys && oldest !== undefined) lastMs.delete(oldest);
      return true;
    },
  };
}
