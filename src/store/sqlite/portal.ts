import type { Database } from 'better-sqlite3';
import type { MatrixRoomId } from '../../model/matrix-ids.ts';
import type { Portal } from '../../model/portal.ts';
import { remoteChatId } from '../../model/remote-ids.ts';
import { StorageError } from '../../ports/storage-error.ts';
import type { PortalStore } from '../../ports/store.ts';
import { newestPlace } from './accounted.ts';
import type { Writer } from './group-commit.ts';
import { moving } from './moved-room.ts';
import { receiverColumn, viewOf } from './view.ts';

interface Row {
  readonly id: number;
  readonly network: string;
  readonly chat: string;
  readonly receiver: string;
  readonly room_id: string;
  readonly owns_room: number;
  readonly origin: string;
  readonly encrypted: number;
}

const select = `
  SELECT id, network, chat, receiver, room_id, owns_room, origin,
         EXISTS (SELECT 1 FROM encrypted_room e WHERE e.room_id = portal.room_id) AS encrypted
  FROM portal`;

/** So many portals are read at once where all of them are gone through. */
const PAGE = 200;

/** @param needs `endAll` ends as failed what waits for a portal. */
export function portalStore(
  db: Database,
  writer: Writer,
  needs: { readonly endAll: (portal: number) => void; readonly now: () => number },
): PortalStore {
  const ofChat = db.prepare<[string, string, string], Row>(
    `${select} WHERE network = ? AND chat = ? AND receiver = ? AND unlinked = 0 ORDER BY id`,
  );
  const ofRoom = db.prepare<[string], Row>(
    `${select} WHERE room_id = ? AND unlinked = 0 ORDER BY id`,
  );
  const byId = db.prepare<[number], Row>(`${select} WHERE id = ? AND unlinked = 0`);
  const after = db.prepare<[number, string | null], Row>(
    `${select} WHERE id > ? AND network = COALESCE(?, network) AND unlinked = 0 ORDER BY id LIMIT ${PAGE}`,
  );
  const link = linking(db, needs.now);
  const { move, ...moved } = moving(db, needs.now);
  const unlink = db.prepare<[number]>('UPDATE portal SET unlinked = 1, owns_room = 0 WHERE id = ?');
  const encrypt = db.prepare<[string]>(
    'INSERT INTO encrypted_room (room_id) VALUES (?) ON CONFLICT DO NOTHING',
  );

  return {
    ofChat: async (network, view) =>
      ofChat.all(network, view.chat, receiverColumn(view)).map(toPortal),
    ofRoom: async (roomId) => ofRoom.all(roomId).map(toPortal),
    byId: async (id) => {
      const row = byId.get(id);
      return row && toPortal(row);
    },
    after: async (id, network) => after.all(id, network ?? null).map(toPortal),
    link: (portal, since) => writer.run(() => toPortal(byId.get(link(portal, since)) as Row)),
    unlink: (id) =>
      writer.run(() => {
        needs.endAll(id);
        unlink.run(id);
      }),
    move: (from, to, since) => writer.run(() => move(from, to, since)),
    ...moved,
    markEncrypted: (roomId) => writer.run(() => void encrypt.run(roomId)),
  };
}

/** The id of the link, which is made if it is not there. */
function linking(
  db: Database,
  now: () => number,
): (...asked: Parameters<PortalStore['link']>) => number {
  const find = db
    .prepare<[string, string, string, string], number>(
      'SELECT id FROM portal WHERE network = ? AND chat = ? AND receiver = ? AND room_id = ? AND unlinked = 0',
    )
    .pluck();
  const owner = db.prepare<[string], { id: number; network: string; chat: string }>(
    'SELECT id, network, chat FROM portal WHERE room_id = ? AND owns_room = 1 AND unlinked = 0',
  );
  const insert = db
    .prepare<
      [string, string, string, string, number, string, string | null, number | null, number],
      number
    >(`
      INSERT INTO portal (network, chat, receiver, room_id, owns_room, origin,
        accounted_event, accounted_place, accounted_at_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, COALESCE(?, (${newestPlace})), ?) RETURNING id`)
    .pluck();

  return (portal, since) => {
    const place = [portal.network, portal.chat, receiverColumn(portal), portal.roomId] as const;
    const there = find.get(...place);
    if (there !== undefined) return there;
    const other = portal.ownsRoom ? owner.get(portal.roomId) : undefined;
    if (other !== undefined)
      throw new StorageError(
        `The room ${portal.roomId} already follows ${other.chat} of ${other.network} (portal ${other.id}), ` +
          `so ${portal.chat} of ${portal.network} cannot own it too: link it without owning the room.`,
      );
    const from = [since?.upTo ?? null, since?.place ?? null, now()] as const;
    return insert.get(...place, Number(portal.ownsRoom), portal.origin, ...from) as number;
  };
}

const toPortal = (row: Row): Portal => ({
  id: row.id,
  network: row.network,
  ...viewOf(remoteChatId(row.chat), row.receiver),
  roomId: row.room_id as MatrixRoomId,
  ownsRoom: row.owns_room === 1,
  origin: row.origin as Portal['origin'],
  encrypted: row.encrypted === 1,
});
