import type { Database } from 'better-sqlite3';
import type { MatrixUserId } from '../../model/matrix-ids.ts';
import { remoteUserId } from '../../model/remote-ids.ts';
import type { GhostRow, GhostStore } from '../../ports/store.ts';
import type { Writer } from './group-commit.ts';

interface Row {
  readonly user_id: string;
  readonly network: string;
  readonly remote_id: string;
  readonly name: string | null;
  readonly avatar: string | null;
}

const columns = 'ghost.user_id, network, remote_id, name, avatar';

export function ghostStore(db: Database, writer: Writer): GhostStore {
  const byUserId = db.prepare<[string], Row>(`SELECT ${columns} FROM ghost WHERE user_id = ?`);
  const save = db.prepare<[string, string, string, string | null, string | null]>(`
    INSERT INTO ghost (user_id, network, remote_id, name, avatar) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (user_id) DO UPDATE SET network = excluded.network, remote_id = excluded.remote_id,
      name = excluded.name, avatar = excluded.avatar`);
  const isJoined = db.prepare<[string, string]>(
    'SELECT 1 FROM ghost_room WHERE room_id = ? AND user_id = ?',
  );
  const join = db.prepare<[string, string]>(
    'INSERT INTO ghost_room (room_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const leave = db.prepare<[string, string]>(
    'DELETE FROM ghost_room WHERE room_id = ? AND user_id = ?',
  );
  const joinedTo = db.prepare<[string], Row>(`
    SELECT ${columns} FROM ghost_room JOIN ghost ON ghost.user_id = ghost_room.user_id
    WHERE ghost_room.room_id = ? ORDER BY ghost_room.user_id`);

  return {
    byUserId: async (userId) => {
      const row = byUserId.get(userId);
      return row && toGhost(row);
    },
    save: ({ userId, network, remoteId, name, avatar }) =>
      writer.soon(() => void save.run(userId, network, remoteId, name ?? null, avatar ?? null)),
    isJoined: async (userId, roomId) => isJoined.get(roomId, userId) !== undefined,
    setJoined: (userId, roomId, joined) =>
      writer.soon(() => void (joined ? join : leave).run(roomId, userId)),
    joinedTo: async (roomId) => joinedTo.all(roomId).map(toGhost),
  };
}

const toGhost = (row: Row): GhostRow => ({
  userId: row.user_id as MatrixUserId,
  network: row.network,
  remoteId: remoteUserId(row.remote_id),
  ...(row.name !== null && { name: row.name }),
  ...(row.avatar !== null && { avatar: row.avatar }),
});
