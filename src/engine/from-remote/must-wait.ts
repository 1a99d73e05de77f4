import { isLimit } from '../patiently.ts';

/** Where the homeserver does not say how long. */
const UNTOLD_MS = 30_000;

/** This cannot be done yet, for a reason of its own: others need not wait for that. */
export class MustWait extends Error {
  override readonly name = 'MustWait';
  readonly waitMs: number;

  constructor(reason: string, waitMs: number, options?: ErrorOptions) {
    super(reason, options);
    this.waitMs = waitMs;
  }
}

/** The coming or going of a ghost. Rejects with `MustWait` where the homeserver limits it, or `MatrixError`. */
export async function moving<T>(move: Promise<T>): Promise<T> {
  try {
    return await move;
  } catch (error) {
    if (!isLimit(error)) throw error;
    throw new MustWait(error.message, error.retryAfterMs ?? UNTOLD_MS, { cause: error });
  }
}
