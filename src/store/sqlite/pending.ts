import type { Database } from 'better-sqlite3';
import type { MatrixRoomId } from '../../model/matrix-ids.ts';
import { remoteChatId } from '../../model/remote-ids.ts';
import type { Journal } from '../../ports/journal.ts';
import { viewOf } from './view.ts';

/**
 * The distinct values of a lane's index, found by leaping from one to the next: a lane with a
 * million waiting rows costs as much as one with a single row.
 */
export const distinct = (table: string, column: string, isWaiting: string): string => `
  WITH RECURSIVE lane (at) AS (
    SELECT MIN(${column}) FROM ${table} WHERE ${isWaiting}
    UNION ALL
    SELECT (SELECT MIN(${column}) FROM ${table} WHERE ${isWaiting} AND ${column} > lane.at)
    FROM lane WHERE lane.at IS NOT NULL
  )
  SELECT at FROM lane WHERE at IS NOT NULL`;

interface ChatRow {
  readonly network: string;
  readonly chat: string;
  readonly receiver: string;
}

export function pendingLanes(
  db: Database,
  wroteAgain: () => boolean,
): Pick<Journal, 'pending' | 'changedUnseen'> {
  const rooms = db.prepare<[], MatrixRoomId>(distinct('matrix_event', 'room_id', "state = 'new'"));
  const portals = db.prepare<[], number>(distinct('delivery', 'portal', "state = 'open'"));
  const remotePortals = db.prepare<[], number>(
    distinct('remote_event', 'portal', "state = 'open'"),
  );
  const noticeRooms = db.prepare<[], MatrixRoomId>(distinct('notice', 'room_id', 'due = 1'));
  const waitingChats = distinct('remote_event', 'chat', "state = 'new'");
  const chats = db.prepare<[], ChatRow>(
    `SELECT c.network, c.chat, c.receiver FROM (${waitingChats}) w JOIN chat c ON c.id = w.at`,
  );
  const version = db.prepare<[], number>('PRAGMA data_version').pluck();
  let seen = version.get();

  return {
    pending: async () => ({
      rooms: rooms.pluck().all(),
      portals: portals.pluck().all(),
      chats: chats.all().map(({ network, chat, receiver }) => ({
        network,
        ...viewOf(remoteChatId(chat), receiver),
      })),
      remotePortals: remotePortals.pluck().all(),
      noticeRooms: noticeRooms.pluck().all(),
    }),
    changedUnseen: async () => {
      const before = seen;
      seen = version.get();
      return wroteAgain() || seen !== before;
    },
  };
}
