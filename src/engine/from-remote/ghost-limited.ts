import type { MatrixError } from '../../ports/matrix.ts';
import { isLimit } from '../patiently.ts';

/** Where the homeserver does not say how long. */
const UNTOLD_MS = 30_000;

/** The homeserver does not let somebody's ghost come or go yet: others need not wait for that. */
export class GhostLimited extends Error {
  override readonly name = 'GhostLimited';
  readonly waitMs: number;

  constructor(limit: MatrixError) {
    super(limit.message, { cause: limit });
    this.waitMs = limit.retryAfterMs ?? UNTOLD_MS;
  }
}

/** The coming or going of a ghost. Rejects with `GhostLimited` or `MatrixError`. */
export async function moving<T>(move: Promise<T>): Promise<T> {
  try {
    return await move;
  } catch (error) {
    throw isLimit(error) ? new GhostLimited(error) : error;
  }
}
