export interface Rate {
  /** So many at once. */
  readonly burst: number;
  /** And then so many a second. */
  readonly perSecond: number;
}

export interface Taken {
  /** 0: go on. Otherwise how long until there are enough. */
  readonly waitMs: number;
  readonly left: number;
  /** How long until it is full again. */
  readonly fullInMs: number;
}

export interface TokenBucket {
  readonly rate: Rate;
  /** @param cost how many at once; of more than `burst` there never are enough. */
  take(key: string, nowMs: number, cost?: number): Taken;
}

/** Of more keys than these the one that was used longest ago is forgotten. */
const MAX_KEYS = 10_000;

export function tokenBucket(rate: Rate): TokenBucket {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    rate,
    take(key, nowMs, cost = 1) {
      const last = buckets.get(key) ?? { tokens: rate.burst, atMs: nowMs };
      const gained = (Math.max(0, nowMs - last.atMs) / 1000) * rate.perSecond;
      const has = Math.min(rate.burst, last.tokens + gained);
      const tokens = has >= cost ? has - cost : has;
      buckets.delete(key);
      buckets.set(key, { tokens, atMs: nowMs });
      const [oldest] = buckets.keys();
      if (buckets.size > MAX_KEYS && oldest !== undefined) buckets.delete(oldest);
      return {
        waitMs: has >= cost ? 0 : Math.ceil(((cost - has) / rate.perSecond) * 1000),
        left: Math.floor(tokens),
        fullInMs: Math.ceil(((rate.burst - tokens) / rate.perSecond) * 1000),
      };
    },
  };
}
