import type { Database } from 'better-sqlite3';
import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';
import type { Journal, MatrixEventRow } from '../../ports/journal.ts';
import { StorageError } from '../../ports/storage-error.ts';
import { limit } from './limit.ts';
import type { WriteOf } from './write-of.ts';

interface Row {
  readonly id: string;
  readonly room_id: string;
  readonly json: string;
  readonly received_at_ms: number;
  readonly late: number;
  readonly last_portal: number | null;
}

/** Events from the homeserver that were not yet understood. */
export function matrixJournal(
  db: Database,
): Pick<Journal, 'roomHead' | 'receivedAtMs' | 'senderOf'> {
  const head = db.prepare<[string, number], Row>(`
    SELECT id, room_id, json, received_at_ms, late, last_portal FROM matrix_event
    WHERE room_id = ? AND state = 'new' ORDER BY seq ${limit}`);
  const receivedAtMs = db
    .prepare<[string], number>('SELECT received_at_ms FROM matrix_event WHERE id = ?')
    .pluck();
  const sender = db
    .prepare<[string], MatrixUserId | null>('SELECT sender FROM matrix_event WHERE id = ?')
    .pluck();
  return {
    roomHead: async (roomId, limit) => head.all(roomId, limit).map(toRow),
    receivedAtMs: async (eventId) => receivedAtMs.get(eventId),
    senderOf: async (eventId) => sender.get(eventId) ?? undefined,
  };
}

const toRow = (row: Row): MatrixEventRow => ({
  id: row.id as MatrixEventId,
  roomId: row.room_id as MatrixRoomId,
  json: row.json,
  receivedAtMs: row.received_at_ms,
  ...(row.late === 1 && { late: true }),
  ...(row.last_portal !== null && { lastPortal: row.last_portal }),
});

/** They run within a commit. */
export interface MatrixWrites {
  hear(write: WriteOf<'matrix-events'>): void;
  keepAside(write: WriteOf<'kept-aside'>): void;
  /** The row of the event, which leaves its room's lane. */
  understand(eventId: MatrixEventId): number;
  poison(write: WriteOf<'poison'>): void;
}

export function matrixWrites(db: Database, now: () => number): MatrixWrites {
  const hear = db.prepare<[string, string, string, number]>(`
    INSERT INTO matrix_event (id, room_id, json, received_at_ms) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING`);
  const keep = db.prepare<[number, Uint8Array, string]>(
    'INSERT INTO kept_aside (at_ms, bytes, reason) VALUES (?, ?, ?)',
  );
  const understand = db
    .prepare<[string], number>(`
      UPDATE matrix_event SET state = 'understood',
        sender = CASE WHEN json_valid(json) THEN json ->> '$.sender' END
      WHERE id = ? AND state = 'new' RETURNING seq`)
    .pluck();
  const poison = db.prepare<[string, number, string]>(`
    UPDATE matrix_event SET state = 'poison', reason = ?, ended_at_ms = ?
    WHERE id = ? AND state = 'new'`);

  return {
    hear({ events, atMs }) {
      for (const { id, roomId, json } of events) hear.run(id, roomId, json, atMs);
    },
    keepAside({ atMs, bytes, reason }) {
      keep.run(atMs, bytes, reason);
    },
    understand(eventId) {
      const seq = understand.get(eventId);
      if (seq === undefined) throw notWaiting(eventId);
      return seq;
    },
    poison({ of, reason }) {
      if (poison.run(reason, now(), of).changes === 0) throw notWaiting(of);
    },
  };
}

const notWaiting = (eventId: MatrixEventId): StorageError =>
  new StorageError(
    `${eventId} does not wait to be understood: it was never journalled, or is understood already. ` +
      'Take it from `roomHead`.',
  );
