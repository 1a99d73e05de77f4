import type { MatrixEventId, MatrixRoomId } from '../model/matrix-ids.ts';
import type { Notice } from '../ports/journal.ts';
import { type MatrixContent, MatrixError } from '../ports/matrix.ts';
import { createBackoff } from './backoff.ts';
import type { Context } from './context.ts';
import type { Turn } from './lanes.ts';
import { speak } from './speak.ts';
import { noticeText } from './tell.ts';

const ROWS_A_READ = 50;

/** A network by the names that people and clients know it by. */
export interface NetworkLabel {
  readonly id: string;
  readonly displayName: string;
}

/**
 * Tells senders what became of their messages: one notice for one that failed or is unknown, edited
 * when it gets over after all. What is due lies in the journal, so no crash swallows it.
 */
export class Notices {
  readonly #context: Context;
  readonly #labelOf: (portal: number) => Promise<NetworkLabel>;
  readonly #backoff = createBackoff<string>();
  /** What was due when the bridge started may have been said before it stopped. */
  readonly #startedAtMs: number;
  readonly #doubts = new Set<MatrixRoomId>();

  constructor(context: Context, labelOf: (portal: number) => Promise<NetworkLabel>) {
    this.#context = context;
    this.#labelOf = labelOf;
    this.#startedAtMs = context.clock.now();
  }

  /** One turn of a room's lane of notices. */
  async work(roomId: MatrixRoomId): Promise<Turn> {
    try {
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
    const label = await this.#labelOf(notice.portal);
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
