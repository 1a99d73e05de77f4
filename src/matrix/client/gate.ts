import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { MatrixError } from '../../ports/matrix.ts';
import { type Endpoint, nameOf } from './endpoint.ts';

/** A bridge that was told that its token is not known asks nothing for so long. */
const PAUSE_MS = 10_000;

const UNKNOWN = 'The homeserver does not know the as_token of the bridge; what is for it waits';
const TODO =
  'Compare as_token in the registration file of the homeserver and of the bridge, and restart the one where it was wrong';

/** Keeps a bridge that the homeserver does not know from knocking at its door all the time. */
export interface Gate {
  /** @throws {MatrixError} `token`, without an attempt, while it is closed; and what the attempt throws. */
  through<T>(endpoint: Endpoint, attempt: () => Promise<T>): Promise<T>;
}

export function gate({ clock, log }: { readonly clock: Clock; readonly log: Log }): Gate {
  let closedUntilMs: number | undefined;

  function checkOpen(endpoint: Endpoint): void {
    if (closedUntilMs === undefined || clock.now() >= closedUntilMs) return;
    const name = nameOf(endpoint);
    const why = `${name}: not sent, as_token is not known to the homeserver`;
    throw new MatrixError('token', why, { endpoint: name });
  }

  function unknown(): void {
    if (closedUntilMs === undefined) log('error', UNKNOWN, { todo: TODO });
    closedUntilMs = clock.now() + PAUSE_MS;
  }

  function known(): void {
    if (closedUntilMs !== undefined) log('info', 'The homeserver knows the as_token again');
    closedUntilMs = undefined;
  }

  function learnFrom(error: unknown): void {
    if (!(error instanceof MatrixError)) return;
    if (error.kind === 'token') unknown();
    // Whom it does not know it refuses nothing else.
    if (error.kind === 'refused' && error.status !== undefined) known();
  }

  return {
    async through(endpoint, attempt) {
      if (endpoint.isPublic) return attempt();
      checkOpen(endpoint);
      try {
        const answer = await attempt();
        known();
        return answer;
      } catch (error) {
        learnFrom(error);
        throw error;
      }
    },
  };
}
