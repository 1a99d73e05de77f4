import type { Database } from 'better-sqlite3';
import type { MatrixEventId, MatrixRoomId } from '../../model/matrix-ids.ts';
import type { Accounted, Journal } from '../../ports/journal.ts';
import type { WriteOf } from './write-of.ts';

interface Row {
  readonly id: number;
  readonly accounted_event: string | null;
  readonly accounted_place: number;
  readonly accounted_at_ms: number;
}

/** Of so many of the newest events `heardLately` tells. */
const LATELY = 5_000;

/** The greatest place in the journal. */
export const newestPlace = 'SELECT COALESCE(MAX(seq), 0) FROM matrix_event';

/** How far the rooms are accounted for. */
export function accounts(db: Database): Pick<Journal, 'known' | 'accounted' | 'heardLately'> {
  const known = db.prepare<[string], { place: number; waits: number }>(
    "SELECT seq AS place, state = 'new' AS waits FROM matrix_event WHERE id = ?",
  );
  const place = db.prepare<[], number>(newestPlace).pluck();
  const ofRoom = db.prepare<[string], Row>(`
    SELECT id, accounted_event, accounted_place, accounted_at_ms FROM portal
    WHERE room_id = ? AND unlinked = 0
      AND NOT EXISTS (SELECT 1 FROM encrypted_room e WHERE e.room_id = portal.room_id)
    ORDER BY id`);
  const seenIn = db.prepare<[string], { ids: string; last_portal: number }>(
    'SELECT ids, last_portal FROM seen_lately WHERE room_id = ?',
  );
  const lately = db
    .prepare<[], MatrixRoomId>(`
      SELECT room_id FROM matrix_event WHERE seq > (${newestPlace}) - ${LATELY}
      GROUP BY room_id ORDER BY MAX(seq) DESC`)
    .pluck();
  return {
    known: async (eventId) => {
      const row = known.get(eventId);
      return row && { place: row.place, waits: row.waits === 1 };
    },
    accounted: async (roomId) => {
      const seen = seenIn.get(roomId);
      return {
        place: place.get() ?? 0,
        portals: ofRoom.all(roomId).map(toAccounted),
        ...(seen && {
          seen: {
            ids: new Set<MatrixEventId>(JSON.parse(seen.ids)),
            lastPortal: seen.last_portal,
          },
        }),
      };
    },
    heardLately: async () => lately.all(),
  };
}

const toAccounted = (row: Row): Accounted => ({
  portal: row.id,
  place: row.accounted_place,
  atMs: row.accounted_at_ms,
  ...(row.accounted_event !== null && { upTo: row.accounted_event as MatrixEventId }),
});

/** Runs within a commit. */
export function catchUp(db: Database): (write: WriteOf<'caught-up'>) => void {
  const account = db.prepare<[number, string, number, number]>(
    'UPDATE portal SET accounted_place = ?, accounted_event = ?, accounted_at_ms = ? WHERE id = ?',
  );
  const see = db.prepare<[string, string, number]>(`
    INSERT INTO seen_lately (room_id, ids, last_portal) VALUES (?, ?, ?)
    ON CONFLICT (room_id) DO UPDATE SET ids = excluded.ids, last_portal = excluded.last_portal`);
  const putInOrder = ordering(db);
  return (write) => {
    if (write.events.length > 0) putInOrder(write);
    for (const portal of write.portals) account.run(write.place, write.upTo, write.atMs, portal);
    see.run(write.roomId, JSON.stringify(write.seen), Math.max(0, ...write.portals));
  };
}

/** Journals what was missed, and gives what waits its place among it. */
function ordering(db: Database): (write: WriteOf<'caught-up'>) => void {
  const hear = db.prepare<[string, string, string, number, number, number]>(`
    INSERT INTO matrix_event (id, room_id, json, received_at_ms, late, last_portal)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`);
  // Nothing refers to what was not understood yet, so its place can change.
  const moveToEnd = db.prepare<[string]>(`
    UPDATE matrix_event SET seq = (${newestPlace}) + 1 WHERE id = ? AND state = 'new'`);
  const cameSince = db
    .prepare<[string, number], string>(`
      SELECT id FROM matrix_event WHERE room_id = ? AND state = 'new' AND seq > ? ORDER BY seq`)
    .pluck();

  return ({ roomId, atMs, place, events }) => {
    const found = new Set<string>(events.map(({ id }) => id));
    const behind = cameSince.all(roomId, place).filter((id) => !found.has(id));
    for (const { id, missed } of events) {
      // Before it is heard: one that came meanwhile has a place already.
      moveToEnd.run(id);
      if (missed) hear.run(id, roomId, missed.json, atMs, Number(missed.late), missed.lastPortal);
    }
    for (const id of behind) moveToEnd.run(id);
  };
}
