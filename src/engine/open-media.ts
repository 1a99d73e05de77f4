import { BridgeError } from '../adapter/errors.ts';
import type { MediaRef } from '../model/remote-ids.ts';
import { MatrixError, type MatrixPort } from '../ports/matrix.ts';

/** A file of a room for an adapter, in whose terms also fails what fails, then or while it is read. */
export async function openMedia(
  matrix: MatrixPort,
  ref: MediaRef,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  try {
    return read((await matrix.openMedia(ref, signal)).bytes);
  } catch (error) {
    throw inNetworkTerms(error);
  }
}

async function* read(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw inNetworkTerms(error);
  }
}

function inNetworkTerms(error: unknown): unknown {
  if (!(error instanceof MatrixError)) return error;
  const { message, retryAfterMs } = error;
  const about = { effect: 'none', cause: error } as const;
  return error.kind === 'refused'
    ? new BridgeError('not_allowed', message, { ...about, words: 'the file cannot be had' })
    : new BridgeError('unreachable', message, {
        ...about,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      });
}
