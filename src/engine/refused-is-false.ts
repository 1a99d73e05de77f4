import { MatrixError } from '../ports/matrix.ts';

/** Whether the homeserver lets it be done. Rejects where it cannot be asked now. */
export async function refusedIsFalse(asked: Promise<void>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (error instanceof MatrixError && error.kind === 'refused') return false;
    throw error;
  }
}
