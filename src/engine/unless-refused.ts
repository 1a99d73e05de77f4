import { MatrixError } from '../ports/matrix.ts';

export const isRefusal = (error: unknown): error is MatrixError =>
  error instanceof MatrixError && error.kind === 'refused';

/** `undefined`: the homeserver does not let it be asked. Rejects where it cannot be asked now. */
export async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
