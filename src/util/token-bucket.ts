/** Lets each key do so much at once, and then so much a second. */
export interface TokenBucket {
  /** 0: go on. Otherwise how long until the next one is allowed. */
  take(key: string, nowMs: number): number;
}

/** @param options `maxKeys`: beyond this the key that was used longest ago is forgotten. */
export function tokenBucket(options: {
  readonly burst: number;
  readonly perSecond: number;
  readonly maxKeys: number;
}): TokenBucket {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(key, nowMs) {
      const last = buckets.get(key) ?? { tokens: options.burst, atMs: nowMs };
      const gained = (Math.max(0, nowMs - last.atMs) / 1000) * options.perSecond;
      const tokens = Math.min(options.burst, last.tokens + gained);
      const allowed = tokens >= 1;
      buckets.delete(key);
      buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
      const [oldest] = buckets.keys();
      if (buckets.size > options.maxKeys && oldest !== undefined) buckets.delete(oldest);
      return allowed ? 0 : Math.ceil(((1 - tokens) / options.perSecond) * 1000);
    },
  };
}
