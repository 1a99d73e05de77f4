import type { MatrixEventId, MatrixRoomId } from '../model/matrix-ids.ts';
import type { Notice } from '../ports/journal.ts';
import { type MatrixContent, MatrixError } from '../ports/matrix.ts';
import { createBackoff } from './backoff.ts';
import type { Context } from './context.ts';
import type { Turn } from './lanes.ts';
import type { Retrying } from './portal-lane.ts';
import { speak } from './speak.ts';
import { noticeText } from './tell.ts';

const ROWS_A_READ = 50;

/** A network by the names that people and clients know it by. */
export interface NetworkLabel {
  readonly id: string;
  readonly displayName: string;
}

interface Parts {
  readonly labelOf: (portal: number) => Promise<NetworkLabel>;
  /** Rejects with `MatrixError`. */
  readonly sayRetrying: (waiting: Retrying) => Promise<void>;
}

/**
 * Tells senders what became of their messages: one notice for one that failed or is unknown, edited
 * when it gets over after all. What is due lies in the journal, so no crash swallows it.
 */
export class Notices {
  readonly #context: Context;
  readonly #parts: Parts;
  readonly #backoff = createBackoff<string>();
  /** What was due when the bridge started may have been said before it stopped. */
  readonly #startedAtMs: number;
  readonly #doubts = new Set<MatrixRoomId>();
  readonly #waiting = new Map<MatrixRoomId, Retrying[]>();

  constructor(context: Context, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
    this.#startedAtMs = context.clock.now();
  }

  /** To be told in the room's next turn: so it does not come after what becomes of it. */
  waits(waiting: Retrying): void {
    const { roomId } = waiting.event;
    this.#waiting.set(roomId, [...(this.#waiting.get(roomId) ?? []), waiting]);
  }

  /** One turn of a room's lane of notices. */
  async work(roomId: MatrixRoomId): Promise<Turn> {
    try {
      await this.#tellWaiting(roomId);
      await this.#workAll(roomId);
      this.#backoff.succeeded(roomId);
      this.#doubts.delete(roomId);
      return undefined;
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error;
      this.#doubts.add(roomId);
      return { waitMs: this.#backoff.failed(roomId, error.retryAfterMs) };
    }
  }

  /** Worth nothing once it has ended, and not said again where it fails. */
  async #tellWaiting(roomId: MatrixRoomId): Promise<void> {
    const waiting = this.#waiting.get(roomId) ?? [];
    this.#waiting.delete(roomId);
    for (const one of waiting) {
      const { portal, eventId } = one.delivery;
      const owed = await this.#context.storage.journal.owed(portal, eventId);
      if (owed === 'waiting') await this.#parts.sayRetrying(one);
    }
  }

  async #workAll(roomId: MatrixRoomId): Promise<void> {
    let due: readonly Notice[];
    do {
      due = await this.#context.storage.journal.notices(roomId, ROWS_A_READ);
      for (const notice of due) await this.#tellOrGiveUp(notice);
    } while (due.length === ROWS_A_READ);
  }

  async #tellOrGiveUp(notice: Notice): Promise<void> {
    const { storage, log } = this.#context;
    const { delivery, revision } = notice;
    const told = { kind: 'told', delivery, revision } as const;
    try {
      const eventId = await this.#tell(notice);
      await storage.journal.commit([{ ...told, ...(eventId && { eventId }) }]);
    } catch (error) {
      if (!(error instanceof MatrixError) || error.kind !== 'refused') throw error;
      log('error', 'A sender could not be told what became of a message', {
        roomId: notice.roomId,
        delivery: `d${delivery}`,
        outcome: notice.outcome,
        error: error.message,
      });
      await storage.journal.commit([told]);
    }
  }

  /** @returns the notice that stands, if one was needed. */
  async #tell(notice: Notice): Promise<MatrixEventId | undefined> {
    const { outcome, reason, noticeId, eventId } = notice;
    const label = await this.#parts.labelOf(notice.portal);
    if (this.#context.statusEvents)
      await this.#say(notice, {
        kind: 'status',
        of: eventId,
        network: label.id,
        outcome,
        ...(reason !== undefined && { reason }),
      });
    if (outcome === 'delivered' && noticeId === undefined) return undefined;
    const said = await this.#say(notice, {
      kind: 'notice',
      text: noticeText(label.displayName, outcome, reason),
      replyTo: eventId,
      ...(noticeId !== undefined && { replaces: noticeId }),
    });
    return noticeId ?? said;
  }

  #say(notice: Notice, content: MatrixContent): Promise<MatrixEventId> {
    const { roomId, delivery, eventId, outcome, noticeId, endedAtMs } = notice;
    const { kind } = content;
    const mayBeSaid = endedAtMs < this.#startedAtMs || this.#doubts.has(roomId);
    return speak(this.#context, {
      roomId,
      content,
      marker: this.#context.keys.marker(kind, delivery, eventId, outcome, noticeId ?? ''),
      ...(mayBeSaid && { maybeSaidSinceMs: endedAtMs }),
    });
  }
}
