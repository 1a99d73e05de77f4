import { isLimit } from '../patiently.ts';

/** Where the homeserver does not say how long. */
const UNTOLD_MS = 30_000;

/**
 * This cannot be done yet, for a reason of its own: others need not wait for that.
 *
 * `person`: nor can anything else that its author does. `target`: nor can what else is about the same
 * message; what anybody says keeps its place.
 */
export class MustWait extends Error {
  override readonly name = 'MustWait';
  readonly waitMs: number;
  readonly scope: 'person' | 'target';

  constructor(
    scope: MustWait['scope'],
    about: { readonly reason: string; readonly waitMs: number; readonly cause?: unknown },
  ) {
    super(about.reason, { cause: about.cause });
    this.scope = scope;
    this.waitMs = about.waitMs;
  }
}

/** The coming or going of a ghost. Rejects with `MustWait` where the homeserver limits it, or `MatrixError`. */
export async function moving<T>(move: Promise<T>): Promise<T> {
  try {
    return await move;
  } catch (error) {
    if (!isLimit(error)) throw error;
    const waitMs = error.retryAfterMs ?? UNTOLD_MS;
    throw new MustWait('person', { reason: error.message, waitMs, cause: error });
  }
}
