import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import type { MatrixEvent } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import { asOneOfOurs, isOurs } from './ours.ts';

/** What a look found in a room. */
export class Found {
  readonly #events = new Map<string, MatrixEventId>();

  /** The event with this marker from this sender. Anyone can copy a marker, so without the sender it proves nothing. */
  by(sender: MatrixUserId, marker: string): MatrixEventId | undefined {
    return this.#events.get(`${sender} ${marker}`);
  }

  /** With what was found elsewhere. */
  with(other: Found): this {
    for (const [key, id] of other.#events) this.#events.set(key, id);
    return this;
  }

  add({ sender, id }: MatrixEvent, marker: string): void {
    this.#events.set(`${sender} ${marker}`, id);
  }
}

/** Where no event tells that the beginning was reached, the look ends after so many. */
const MOST_EVENTS = 10_000;

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
  const found = await asOneOfOurs(context, about.roomId, (as) => look(context, { ...about, as }));
  return found ?? new Found();
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
  context: Context,
  { kind, mark, roomId, id, sender }: MatrixEvent,
): Promise<string | undefined> {
  if (mark) return mark.marker;
  const isEmptied = kind === 'ignored' && isOurs(context, sender);
  return isEmptied ? context.matrix.transactionId(roomId, id, sender) : undefined;
}
