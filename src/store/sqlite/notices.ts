import type { Database } from 'better-sqlite3';
import type { MatrixEventId, MatrixRoomId } from '../../model/matrix-ids.ts';
import type { Journal, Notice, Outcome } from '../../ports/journal.ts';
import { limit } from './limit.ts';
import type { WriteOf } from './write-of.ts';

interface Row {
  readonly delivery: number;
  readonly portal: number;
  readonly event_id: string;
  readonly room_id: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly ended_at_ms: number;
  readonly notice_id: string | null;
  readonly revision: number;
}

/** The writes run within a commit. */
export interface Notices extends Pick<Journal, 'notices'> {
  /** The outcome is new: to be told if somebody asks, and told again where it was told before. */
  changed(delivery: number, tell: boolean): void;
  /** It is under way once more: there is nothing to tell until it ends again. */
  withdraw(delivery: number): void;
  told(write: WriteOf<'told'>): void;
}

export function notices(db: Database): Notices {
  const due = db.prepare<[string, number], Row>(`
    SELECT n.delivery, d.portal, e.id AS event_id, n.room_id, d.outcome, d.reason, d.ended_at_ms, n.notice_id, n.revision
    FROM notice n JOIN delivery d ON d.id = n.delivery JOIN matrix_event e ON e.seq = d.event
    WHERE n.room_id = ? AND n.due = 1 ORDER BY n.delivery ${limit}`);
  const ask = db.prepare<[number]>(`
    INSERT INTO notice (delivery, room_id, due)
    SELECT d.id, e.room_id, 1 FROM delivery d JOIN matrix_event e ON e.seq = d.event WHERE d.id = ?
    ON CONFLICT (delivery) DO UPDATE SET due = 1, revision = revision + 1`);
  const again = db.prepare<[number]>(
    'UPDATE notice SET due = 1, revision = revision + 1 WHERE delivery = ?',
  );
  const withdraw = db.prepare<[number]>(
    'UPDATE notice SET due = 0, revision = revision + 1 WHERE delivery = ?',
  );
  const told = db.prepare<[string | null, number | null, number]>(`
    UPDATE notice SET notice_id = COALESCE(?, notice_id),
      due = due AND revision > COALESCE(?, revision)
    WHERE delivery = ?`);

  return {
    notices: async (roomId, limit) => due.all(roomId, limit).map(toNotice),
    changed: (delivery, tell) => void (tell ? ask : again).run(delivery),
    withdraw: (delivery) => void withdraw.run(delivery),
    told: ({ delivery, revision, eventId }) =>
      void told.run(eventId ?? null, revision ?? null, delivery),
  };
}

const toNotice = (row: Row): Notice => ({
  delivery: row.delivery,
  portal: row.portal,
  eventId: row.event_id as MatrixEventId,
  roomId: row.room_id as MatrixRoomId,
  outcome: row.outcome as Outcome,
  ...(row.reason !== null && { reason: row.reason }),
  revision: row.revision,
  endedAtMs: row.ended_at_ms,
  ...(row.notice_id !== null && { noticeId: row.notice_id as MatrixEventId }),
});
