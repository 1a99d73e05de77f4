/** How fast a server lets us talk. */
export interface FloodLimits {
  /** So many lines at once, after a silence. */
  readonly burst: number;
  /** Then one in each such time. */
  readonly intervalMs: number;
  /** Each whole stretch of so many bytes counts as one more line. 0: the length is free. */
  readonly penaltyBytes: number;
}

/** What counts double on servers that count at all (joins, and whatever makes the server search). */
const DEAR = new Set(['JOIN', 'NICK', 'KICK', 'TOPIC', 'MODE', 'NAMES', 'WHO', 'WHOIS', 'INVITE']);

/** How many lines a line counts as. */
export function costOf(line: string, { penaltyBytes }: FloodLimits): number {
  const command = /^(?:@\S* )?(\S+)/.exec(line)?.[1] ?? '';
  const length = penaltyBytes > 0 ? Math.floor(Buffer.byteLength(line) / penaltyBytes) : 0;
  return (DEAR.has(command) ? 2 : 1) + length;
}

/** A token bucket. Plain data; time is handed in. */
export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

export const fullBucket = ({ burst }: FloodLimits, nowMs: number): Bucket => ({
  tokens: burst,
  atMs: nowMs,
});

export function refill({ tokens, atMs }: Bucket, limits: FloodLimits, nowMs: number): Bucket {
  const elapsedMs = Math.max(0, nowMs - atMs);
  const gained = limits.intervalMs > 0 ? elapsedMs / limits.intervalMs : limits.burst;
  return { tokens: Math.min(limits.burst, tokens + gained), atMs: nowMs };
}

/** May be driven below nothing, by lines that must go at once: later ones wait the longer. */
export const spend = ({ tokens, atMs }: Bucket, cost: number): Bucket => ({
  tokens: tokens - cost,
  atMs,
});

/** How long until a line of this cost may go. A line dearer than the whole bucket goes when it is full. */
export function waitMs({ tokens }: Bucket, limits: FloodLimits, cost: number): number {
  const missing = Math.min(cost, limits.burst) - tokens;
  return missing <= 0 ? 0 : Math.ceil(missing * limits.intervalMs);
}
