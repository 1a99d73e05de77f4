import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import { MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import type { Context } from './context.ts';

/** What a look found in a room. */
export class Found {
  readonly #events = new Map<string, MatrixEventId>();

  /** The event with this marker from this sender. Anyone can copy a marker, so without the sender it proves nothing. */
  by(sender: MatrixUserId, marker: string): MatrixEventId | undefined {
    return this.#events.get(`${sender} ${marker}`);
  }

  add({ sender, id }: MatrixEvent, marker: string): void {
    this.#events.set(`${sender} ${marker}`, id);
  }
}

/** Where no event tells that the beginning was reached, the look ends after so many. */
const MOST_EVENTS = 10_000;
/** Of those that we believe to be in the room, so many are asked to look, one after the other. */
const MOST_GHOSTS = 10;

/**
 * Looks in a room for what we may have sent there and have no answer for.
 *
 * Goes back until an event that the homeserver had pushed to us before `sinceMs`: whatever is older
 * was there before the oldest attempt in doubt. No clock but our own is trusted in this.
 */
export async function lookInRoom(
  context: Context,
  about: { readonly roomId: MatrixRoomId; readonly sinceMs: number },
): Promise<Found> {
  const { matrix, storage } = context;
  const byBot = await lookUnlessRefused(context, { ...about, as: matrix.bot });
  if (byBot) return byBot;
  // The bot is not in the room any more. What a ghost of ours wrote, a ghost of ours can read.
  const ghosts = await storage.ghosts.joinedTo(about.roomId);
  for (const { userId } of ghosts.slice(0, MOST_GHOSTS)) {
    const byGhost = await lookUnlessRefused(context, { ...about, as: userId });
    if (byGhost) return byGhost;
  }
  // Where none of ours is let in, none of ours can have written.
  return new Found();
}

async function lookUnlessRefused(...asked: Parameters<typeof look>): Promise<Found | undefined> {
  try {
    return await look(...asked);
  } catch (error) {
    if (!(error instanceof MatrixError) || error.kind !== 'refused') throw error;
    return undefined;
  }
}

async function look(
  context: Context,
  about: { readonly roomId: MatrixRoomId; readonly as: MatrixUserId; readonly sinceMs: number },
): Promise<Found> {
  const { matrix, storage } = context;
  const found = new Found();
  let seen = 0;
  for await (const { event } of matrix.backwards(about.roomId, about.as)) {
    const marker = await markerOf(context, event);
    if (marker !== undefined) found.add(event, marker);
    const receivedAtMs = await storage.journal.receivedAtMs(event.id);
    if (receivedAtMs !== undefined && receivedAtMs < about.sinceMs) break;
    if (++seen === MOST_EVENTS) break;
  }
  return found;
}

/** Somebody may have redacted what we sent, and its marker with it. Only its sender is told its transaction id. */
async function markerOf(
  { matrix, names }: Context,
  { kind, mark, roomId, id, sender }: MatrixEvent,
): Promise<string | undefined> {
  if (mark) return mark.marker;
  const isOurs = sender === matrix.bot || names.ghostOf(sender) !== undefined;
  return kind === 'ignored' && isOurs ? matrix.transactionId(roomId, id, sender) : undefined;
}
