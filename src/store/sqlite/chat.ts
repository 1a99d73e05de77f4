import type { Database } from 'better-sqlite3';
import { type ChatView, remoteMessageId } from '../../model/remote-ids.ts';
import type { Journal, RemoteEvent } from '../../ports/journal.ts';
import { receiverColumn } from './view.ts';

/** The chats of which anything was ever heard, and how far. */
export interface Chats extends Pick<Journal, 'newest'> {
  find(network: string, view: ChatView): number | undefined;
  /** Its row, made on first use. Runs within a commit. */
  findOrAdd(network: string, view: ChatView): number;
  /** Runs within a commit. */
  heard(chat: number, event: RemoteEvent): void;
}

interface Row {
  readonly newest_id: string | null;
  readonly newest_at_ms: number | null;
}

export function chats(db: Database): Chats {
  const find = db
    .prepare<[string, string, string], number>(
      'SELECT id FROM chat WHERE network = ? AND chat = ? AND receiver = ?',
    )
    .pluck();
  const add = db.prepare<[string, string, string]>(
    'INSERT INTO chat (network, chat, receiver) VALUES (?, ?, ?)',
  );
  const newest = db.prepare<[string, string, string], Row>(
    'SELECT newest_id, newest_at_ms FROM chat WHERE network = ? AND chat = ? AND receiver = ?',
  );
  // By arrival: one event with a clock that is ahead must not hide what comes after it. The id is
  // that of the last event that has one, so what is missed is asked for from there.
  const heard = db.prepare<[string | null, number, number]>(
    'UPDATE chat SET newest_id = COALESCE(?, newest_id), newest_at_ms = ? WHERE id = ?',
  );

  return {
    find: (network, view) => find.get(network, view.chat, receiverColumn(view)),
    findOrAdd(network, view) {
      const place = [network, view.chat, receiverColumn(view)] as const;
      return find.get(...place) ?? Number(add.run(...place).lastInsertRowid);
    },
    heard: (chat, event) => void heard.run(idOf(event) ?? null, Math.round(event.sentAtMs), chat),
    newest: async (network, view) => {
      const row = newest.get(network, view.chat, receiverColumn(view));
      if (row === undefined || row.newest_at_ms === null) return undefined;
      return {
        atMs: row.newest_at_ms,
        ...(row.newest_id !== null && { id: remoteMessageId(row.newest_id) }),
      };
    },
  };
}

/** What the event itself is called on the network. Not every kind has a name. */
export const idOf = (event: RemoteEvent): string | undefined =>
  'id' in event ? event.id : undefined;
