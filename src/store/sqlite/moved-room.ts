import type { Database } from 'better-sqlite3';
import type { MatrixRoomId } from '../../model/matrix-ids.ts';
import type { PortalStore } from '../../ports/store.ts';
import { newestPlace } from './accounted.ts';

type Moving = Pick<PortalStore, 'nowRoom' | 'roomsBefore'> & {
  /** Within a transaction. */
  readonly move: (...asked: Parameters<PortalStore['move']>) => void;
};

/** Where portals went whose room was replaced. */
export function moving(db: Database, now: () => number): Moving {
  const move = db.prepare<[string, string | null, number | null, number, string]>(`
    UPDATE portal SET room_id = ?, accounted_event = ?, accounted_place = COALESCE(?, (${newestPlace})),
      accounted_at_ms = ? WHERE room_id = ? AND unlinked = 0`);
  const remember = db.prepare<[string, string]>(
    'INSERT INTO moved_room (from_room, to_room) VALUES (?, ?) ON CONFLICT DO UPDATE SET to_room = excluded.to_room',
  );
  // A room that was moved back to would go round for ever.
  const forget = db.prepare<[string]>('DELETE FROM moved_room WHERE from_room = ?');
  const next = db
    .prepare<[string], string>('SELECT to_room FROM moved_room WHERE from_room = ?')
    .pluck();
  const roomsBefore = db
    .prepare<[string], string>('SELECT from_room FROM moved_room WHERE to_room = ?')
    .pluck();
  return {
    move(from, to, since) {
      move.run(to, since.upTo ?? null, since.place, now(), from);
      forget.run(to);
      remember.run(from, to);
    },
    async nowRoom(roomId) {
      let now: string = roomId;
      for (let to = next.get(now); to !== undefined; to = next.get(now)) now = to;
      return now as MatrixRoomId;
    },
    roomsBefore: async (roomId) => roomsBefore.all(roomId) as MatrixRoomId[],
  };
}
