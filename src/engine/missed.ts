import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import type { Accounted, FoundEvent, SeenLately } from '../ports/journal.ts';
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
 * another server, a homeserver puts some before what it has told of already. What came so is told from what was said before
 * the link by what the last look has seen, as the clocks of those who say it cannot be relied on.
 */
const MARGIN = 50;

/** What a look through a room found. */
export interface Look {
  /** The newest event. Absent: there is nothing to be seen. */
  readonly upTo?: MatrixEventId;
  /** The newest, for the next look to know. */
  readonly seen: readonly MatrixEventId[];
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
  /** What the last look has seen. Absent: there was none. */
  readonly seen?: SeenLately;
  readonly signal: AbortSignal;
}

/**
 * Goes back through a room to what is accounted for, and finds what the journal does not know.
 *
 * It does not end at the first event that is known: the homeserver may have lost some, and then
 * pushed a newer one.
 */
export async function lookForMissed(context: Context, options: LookOptions): Promise<Look> {
  const walk = new Walk(context, options);
  for await (const one of context.matrix.backwards(options.roomId, options.as)) {
    options.signal.throwIfAborted();
    if ((await walk.take(one)) === 'enough') break;
  }
  return walk.end();
}

/** An event on the way that may have to be journalled. */
interface Passed {
  readonly id: MatrixEventId;
  /** How many were newer. */
  readonly at: number;
  /** Absent: it waits in the journal. `lastOpen`: it came since these portals are accounted for. 0: there is none. */
  readonly unknown?: { readonly json: string; readonly late: boolean; readonly lastOpen: number };
}

class Walk {
  readonly #context: Context;
  readonly #isCarriedOn: boolean;
  readonly #before: SeenLately | undefined;
  /** Portals for which it has not yet come to what is accounted for. */
  #open: readonly Accounted[];
  #behind = 0;
  readonly #passed: Passed[] = [];
  readonly #seen: MatrixEventId[] = [];
  /** Where the oldest is that the last look has seen as well: whatever is newer and was not there then has come since. */
  #sameAt = 0;
  #oldestMs = 0;
  #wasPassed = false;
  #count = 0;
  #missedCount = 0;
  #missedBytes = 0;

  constructor(context: Context, { portals, seen }: LookOptions) {
    this.#context = context;
    this.#open = portals;
    this.#before = seen;
    this.#isCarriedOn = portals.length > 1;
  }

  async take({ event, whole }: RoomEvent): Promise<'more' | 'enough'> {
    const known = await this.#context.storage.journal.known(event.id);
    if (this.#seen.length <= MARGIN) this.#seen.push(event.id);
    if (this.#before?.ids.has(event.id)) this.#sameAt = this.#count;
    this.#open = this.#open.filter((portal) => !isWithin(portal, event.id, known?.place));
    const isBehind = this.#open.length === 0;
    if (isBehind && this.#behind++ >= MARGIN) return 'enough';
    if (!isBehind) this.#oldestMs = Math.min(event.sentAtMs, this.#context.clock.now());
    if (!known) this.#passUnknown(event.id, whole);
    else if (known.waits) this.#passed.push({ id: event.id, at: this.#count });
    else if (!isBehind && this.#says(event)) this.#wasPassed = true;
    this.#count++;
    return this.#isTooMuch() ? 'enough' : 'more';
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
    const [upTo] = this.#seen;
    const found = this.#passed.toReversed().flatMap((passed) => this.#foundIn(passed));
    return {
      events: found.some(({ missed }) => missed) ? found : [],
      seen: this.#seen,
      ...(upTo !== undefined && { upTo }),
      ...(this.#open.length > 0 && { hole }),
    };
  }

  #passUnknown(id: MatrixEventId, whole: unknown): void {
    const lastOpen = Math.max(0, ...this.#open.map(({ portal }) => portal));
    const json = JSON.stringify(whole);
    this.#passed.push({ id, at: this.#count, unknown: { json, late: this.#wasPassed, lastOpen } });
    if (lastOpen === 0) return;
    this.#missedCount++;
    this.#missedBytes += json.length;
  }

  /** What is unknown is owed to those for which it came since they are accounted for, or since the last look. */
  #foundIn({ id, at, unknown }: Passed): readonly FoundEvent[] {
    if (!unknown) return [{ id }];
    const { json, late, lastOpen } = unknown;
    const { ids, lastPortal: lastBefore = 0 } = this.#before ?? {};
    const hasComeBetween = at < this.#sameAt && !ids?.has(id);
    const lastPortal = hasComeBetween ? Math.max(lastOpen, lastBefore) : lastOpen;
    return lastPortal > 0 ? [{ id, missed: { json, late, lastPortal } }] : [];
  }

  /** What one of ours said goes to the other portals of the room, if there are any. */
  #says({ kind, sender }: MatrixEvent): boolean {
    return isBridged[kind] && (this.#isCarriedOn || !isOurs(this.#context, sender));
  }
}

/** Whether everything from this event back is accounted for. */
const isWithin = (portal: Accounted, eventId: MatrixEventId, place: number | undefined): boolean =>
  eventId === portal.upTo || (place !== undefined && place <= portal.place);
