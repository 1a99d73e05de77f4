import type { MatrixEventId } from '../model/matrix-ids.ts';
import type { SendRequest } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import { lookInRoom } from './settle.ts';

export interface Saying extends Omit<SendRequest, 'as' | 'txnId' | 'mark'> {
  /** The same in every attempt to say this, and for nothing else. */
  readonly marker: string;
  /** When it may first have been said, if it may have been: the room is looked at before it is said again. */
  readonly maybeSaidSinceMs?: number;
}

/** The bridge bot says something of its own, once. Rejects with `MatrixError`. */
export async function speak(context: Context, saying: Saying): Promise<MatrixEventId> {
  const { marker, maybeSaidSinceMs, ...request } = saying;
  const { matrix } = context;
  if (maybeSaidSinceMs !== undefined) {
    const about = { roomId: request.roomId, sinceMs: maybeSaidSinceMs };
    const said = (await lookInRoom(context, about)).by(matrix.bot, marker);
    if (said !== undefined) return said;
  }
  return matrix.send({ ...request, as: matrix.bot, txnId: marker, mark: { marker } });
}
