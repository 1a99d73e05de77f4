import { MatrixError } from '../../ports/matrix.ts';

/** What a proxy says while the homeserver behind it is away. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503]);

/**
 * Counts how often the homeserver has gone away, by what came of each attempt at a request, and by the
 * end of the line that is held to it.
 */
export interface Outages {
  count(): number;
  /** Gives back what it is given. */
  watch<T>(attempt: Promise<T>): Promise<T>;
  lineEnded(): void;
}

export function countOutages(): Outages {
  let count = 0;
  let isAway = false;

  function ended(away: boolean): void {
    if (away && !isAway) count++;
    isAway = away;
  }

  return {
    count: () => count,
    lineEnded: () => ended(true),
    async watch(attempt) {
      try {
        const answer = await attempt;
        ended(false);
        return answer;
      } catch (error) {
        ended(isOutage(error));
        throw error;
      }
    },
  };
}

/** Not one that only was too slow: it was there all the time. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof MatrixError) || error.kind === 'refused') return false;
  if (error.status !== undefined) return GATEWAY_STATUSES.has(error.status);
  return !isTimeout(error.cause);
}

const isTimeout = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'timeout';
