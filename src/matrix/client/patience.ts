import type { MatrixError } from '../../ports/matrix.ts';
import type { BucketName, Endpoint } from './endpoint.ts';

/** What a request went through so far. */
export interface History {
  /** Attempts that failed without having been limited. */
  readonly failures: number;
  readonly limits: number;
  /** Spent waiting for limits. */
  readonly limitedMs: number;
  /** Since the first attempt. */
  readonly sinceMs: number;
}

/**
 * How long a limit is waited out before its caller gets to know. Who comes and goes, and what they look
 * like, can be held back for minutes: the caller has other things to do meanwhile.
 */
const LIMIT_PATIENCE_MS: Readonly<Record<BucketName, number>> = {
  message: 60_000,
  membership: 2_000,
  profile: 2_000,
  room: 20 * 60_000,
  media: 60_000,
  other: 60_000,
};

const FIRST_DELAY_MS = 250;
const MAX_FAILURES = 5;

/** Whoever waits for an answer wants to know after this. */
const FAILURE_PATIENCE_MS = 12_000;

/**
 * How long to wait before the next attempt. `undefined`: there is none.
 *
 * @param random from 0 up to 1, so that many that failed at once do not come back at once.
 */
export function nextAttemptMs(
  endpoint: Endpoint,
  error: MatrixError,
  history: History,
  random: number,
): number | undefined {
  if (error.status === 429) {
    const toldMs = error.retryAfterMs ?? Math.min(30_000, 1000 * 2 ** history.limits);
    const waitMs = Math.max(50, toldMs) * (1 + random / 10);
    const patienceMs = LIMIT_PATIENCE_MS[endpoint.bucket];
    return history.limitedMs + waitMs <= patienceMs ? waitMs : undefined;
  }
  if (endpoint.retry !== 'idempotent') return undefined;
  if (error.kind !== 'away' && error.kind !== 'ambiguous') return undefined;
  if (history.failures >= MAX_FAILURES) return undefined;
  const ownMs = FIRST_DELAY_MS * 2 ** history.failures * (0.5 + random);
  const waitMs = Math.max(ownMs, error.retryAfterMs ?? 0);
  return history.sinceMs + waitMs <= FAILURE_PATIENCE_MS ? waitMs : undefined;
}
