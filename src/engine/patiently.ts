import type { Clock } from '../ports/clock.ts';
import { MatrixError } from '../ports/matrix.ts';
import { pause } from './pause.ts';

const SHORTEST_MS = 1_000;
/** Where the homeserver does not say how long. */
const UNTOLD_MS = 30_000;

/**
 * Does something that no message waits for again and again, as long as the homeserver limits it.
 * Rejects with any other failure, and once `signal` aborts with the limit.
 *
 * @param limit what it came to already. Absent: it was not tried yet.
 */
export async function patiently<T>(
  clock: Clock,
  signal: AbortSignal,
  act: () => Promise<T>,
  limit?: MatrixError,
): Promise<T> {
  const wait = ({ retryAfterMs = UNTOLD_MS }: MatrixError) =>
    pause(clock, Math.max(SHORTEST_MS, retryAfterMs), signal);
  if (limit) await wait(limit);
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isLimit(error) || signal.aborted) throw error;
      await wait(error);
    }
  }
}

/** Such a thing was asked too often (429): later it is allowed. */
export const isLimit = (error: unknown): error is MatrixError =>
  error instanceof MatrixError && error.status === 429;
