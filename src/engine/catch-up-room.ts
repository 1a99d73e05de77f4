import type { MatrixRoomId } from '../model/matrix-ids.ts';
import type { Accounted } from '../ports/journal.ts';
import { MatrixError } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import { type Look, lookForMissed } from './missed.ts';
import { asOneOfOurs } from './ours.ts';
import { speak } from './speak.ts';
import { missedText } from './tell.ts';

export interface CatchUpOptions {
  readonly signal: AbortSignal;
  /** Where too much is missing, take the newest of it and tell the room of a hole. */
  readonly givesUp: boolean;
}

/**
 * Journals what a room has and the homeserver never pushed, as if it had been pushed. A room where
 * nothing is missing costs one request.
 *
 * Nothing is written before the look has ended, so a crash only repeats it.
 *
 * @returns `too-much`: so much is missing that nothing was done about it. The homeserver may still be
 *   about to push it, the oldest first, and then the newest must not go before it.
 */
export async function catchUpRoom(
  context: Context,
  roomId: MatrixRoomId,
  { signal, givesUp }: CatchUpOptions,
): Promise<'done' | 'too-much'> {
  const { place, portals, seen } = await context.storage.journal.accounted(roomId);
  if (portals.length === 0) return 'done';
  const look = await asOneOfOurs(context, roomId, (as) =>
    lookForMissed(context, { roomId, as, portals, signal, ...(seen && { seen }) }),
  );
  if (!look) context.log('warn', 'Nobody of the bridge is in a room of a portal', { roomId });
  if (look?.upTo === undefined) return 'done';
  if (look.hole?.isTooMuch && !givesUp) return 'too-much';
  if (look.hole) await tellHole(context, roomId, portals, look.hole);
  const isFirst = seen === undefined;
  await account(context, { roomId, place, portals, isFirst }, { ...look, upTo: look.upTo });
  return 'done';
}

async function account(
  { storage, clock, log }: Context,
  room: {
    readonly roomId: MatrixRoomId;
    readonly place: number;
    readonly portals: readonly Accounted[];
    readonly isFirst: boolean;
  },
  { upTo, seen, events }: Look & Required<Pick<Look, 'upTo'>>,
): Promise<void> {
  const isNews = room.isFirst || room.portals.some((portal) => portal.upTo !== upTo);
  if (events.length === 0 && !isNews) return;
  const { roomId, place } = room;
  const portals = room.portals.map(({ portal }) => portal);
  const write = { roomId, place, portals, atMs: clock.now(), upTo, seen, events };
  await storage.journal.commit([{ kind: 'caught-up', ...write }]);
  const missed = events.flatMap((event) => event.missed ?? []);
  if (missed.length === 0) return;
  const late = missed.filter((event) => event.late).length;
  log(late > 0 ? 'warn' : 'info', 'Events that the homeserver had not pushed are bridged now', {
    roomId,
    events: missed.length,
    late,
  });
}

/** Where it cannot be said in the room, the log has it. */
async function tellHole(
  context: Context,
  roomId: MatrixRoomId,
  portals: readonly Accounted[],
  hole: NonNullable<Look['hole']>,
): Promise<void> {
  const { log, keys } = context;
  log('error', 'Not all that may be missing of a room can be found', { roomId, ...hole });
  const from = portals.map(({ portal, place }) => `${portal} ${place}`);
  try {
    await speak(context, {
      roomId,
      marker: keys.marker('missed', roomId, ...from),
      maybeSaidSinceMs: hole.sinceMs,
      content: { kind: 'notice', text: missedText(hole.sinceMs, hole.untilMs) },
    });
  } catch (error) {
    if (!(error instanceof MatrixError) || error.kind !== 'refused') throw error;
    log('warn', 'A room could not be told of a hole', { roomId, error: error.message });
  }
}
