import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import type { Accounted, FoundEvent } from '../ports/journal.ts';
import type { MatrixEvent, RoomEvent } from '../ports/matrix.ts';
import { isBridged } from './bridged-kinds.ts';
import type { Context } from './context.ts';
import { isOurs } from './ours.ts';

/** More than this is not taken out of a room: it has to fit into memory, and into one commit. */
const MOST_MISSED = 5_000;
const MOST_MISSED_BYTES = 32 * 1024 * 1024;
/** Further back nothing is looked for. */
const MOST_EVENTS = 100_000;
/**
 * So many events behind what is accounted for are looked at. Of what is said at the same time, or comes late from
 * another server, a homeserver puts some before what it has told of already.
 */
const MARGIN = 50;

/** What a look through a room found. */
export interface Look {
  /** The newest event. Absent: there is nothing to be seen. */
  readonly upTo?: MatrixEventId;
  /** As for the commit: what was missed and what waits, oldest first. Empty: nothing was missed. */
  readonly events: readonly FoundEvent[];
  /** The look ended before it came to what is accounted for: what is older may be missing. */
  readonly hole?: {
    readonly sinceMs: number;
    readonly untilMs: number;
    /** There would be more to see. */
    readonly isTooMuch: boolean;
  };
}

export interface LookOptions {
  readonly roomId: MatrixRoomId;
  readonly as: MatrixUserId;
  readonly portals: readonly Accounted[];
  readonly signal: AbortSignal;
}

/**
 * Goes back through a room to what is accounted for, and finds what the journal does not know.
 *
 * It does not end at the first event that is known: the homeserver may have lost some, and then
 * pushed a newer one.
 */
export async function lookForMissed(context: Context, options: LookOptions): Promise<Look> {
  const walk = new Walk(context, options.portals);
  for await (const one of context.matrix.backwards(options.roomId, options.as)) {
    options.signal.throwIfAborted();
    if ((await walk.take(one)) === 'enough') break;
  }
  return walk.end();
}

class Walk {
  readonly #context: Context;
  readonly #isCarriedOn: boolean;
  /** Portals for which it has not yet come to what is accounted for. */
  #open: readonly Accounted[];
  /** Those for which it has, and when that was said. */
  readonly #closed: { readonly portal: number; readonly saidAtMs: number }[] = [];
  #behind = 0;
  readonly #found: FoundEvent[] = [];
  #upTo: MatrixEventId | undefined;
  #oldestMs = 0;
  #wasPassed = false;
  #count = 0;
  #missedCount = 0;
  #missedBytes = 0;

  constructor(context: Context, portals: readonly Accounted[]) {
    this.#context = context;
    this.#open = portals;
    this.#isCarriedOn = portals.length > 1;
  }

  async take({ event, whole }: RoomEvent): Promise<'more' | 'enough'> {
    const known = await this.#context.storage.journal.known(event.id);
    this.#upTo ??= event.id;
    this.#close(event, known?.place);
    const isBehind = this.#open.length === 0;
    if (isBehind && this.#behind++ >= MARGIN) return 'enough';
    if (!isBehind) this.#oldestMs = Math.min(event.sentAtMs, this.#context.clock.now());
    if (!known) this.#missIfOwed(event, whole);
    else if (known.waits) this.#found.push({ id: event.id });
    else if (!isBehind && this.#says(event)) this.#wasPassed = true;
    this.#count++;
    return this.#isTooMuch() ? 'enough' : 'more';
  }

  #close({ id, sentAtMs: saidAtMs }: MatrixEvent, place: number | undefined): void {
    const isOpen = (portal: Accounted) => !isWithin(portal, id, place);
    const closed = this.#open.filter((portal) => !isOpen(portal));
    this.#closed.push(...closed.map(({ portal }) => ({ portal, saidAtMs })));
    this.#open = this.#open.filter(isOpen);
  }

  #isTooMuch(): boolean {
    const isMuchMissed = this.#missedCount >= MOST_MISSED || this.#missedBytes >= MOST_MISSED_BYTES;
    return isMuchMissed || this.#count >= MOST_EVENTS;
  }

  end(): Look {
    const hole = {
      sinceMs: Math.min(...this.#open.map(({ atMs }) => atMs)),
      untilMs: this.#oldestMs,
      isTooMuch: this.#isTooMuch(),
    };
    return {
      events: this.#missedCount > 0 ? this.#found.toReversed() : [],
      ...(this.#upTo !== undefined && { upTo: this.#upTo }),
      ...(this.#open.length > 0 && { hole }),
    };
  }

  /** Behind what is accounted for, only what was said after that was missed. */
  #missIfOwed({ id, sentAtMs }: MatrixEvent, whole: unknown): void {
    const owed = [...this.#open, ...this.#closed.filter(({ saidAtMs }) => saidAtMs < sentAtMs)];
    if (owed.length === 0) return;
    const json = JSON.stringify(whole);
    const lastPortal = Math.max(...owed.map(({ portal }) => portal));
    this.#found.push({ id, missed: { json, late: this.#wasPassed, lastPortal } });
    this.#missedCount++;
    this.#missedBytes += json.length;
  }

  /** What one of ours said goes to the other portals of the room, if there are any. */
  #says({ kind, sender }: MatrixEvent): boolean {
    return isBridged[kind] && (this.#isCarriedOn || !isOurs(this.#context, sender));
  }
}

/** Whether everything from this event back is accounted for. */
const isWithin = (portal: Accounted, eventId: MatrixEventId, place: number | undefined): boolean =>
  eventId === portal.upTo || (place !== undefined && place <= portal.place);
