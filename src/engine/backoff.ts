/** Waits that grow from one failure to the next, per key, and are forgotten at the first success. */
export interface Backoff<Key> {
  /** How long to wait now. `saysMs`: the other side's own word, which is taken. */
  failed(key: Key, saysMs?: number): number;
  succeeded(key: Key): void;
}

const SHORTEST_MS = 50;
const FIRST_MS = 500;
const LONGEST_MS = 60_000;

/** @param random in [0, 1): waits differ, so that many that failed together do not come back together. */
export function createBackoff<Key>(random: () => number = Math.random): Backoff<Key> {
  const failures = new Map<Key, number>();
  return {
    failed(key, saysMs) {
      if (saysMs !== undefined) return Math.max(SHORTEST_MS, saysMs);
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      const grownMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** count);
      return grownMs * (0.75 + random() / 2);
    },
    succeeded: (key) => void failures.delete(key),
  };
}
