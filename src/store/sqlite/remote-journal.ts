import type { Database } from 'better-sqlite3';
import type { Journal, RemoteDelivery, RemoteEvent, RemoteEventRow } from '../../ports/journal.ts';
import type { Chats } from './chat.ts';
import { limit } from './limit.ts';
import type { Shown } from './shown.ts';

interface Row {
  readonly seq: number;
  readonly network: string;
  readonly json: string;
  readonly received_at_ms: number;
}

/** Remote events that have not yet found their portals, and those on their way to one. */
export function remoteJournal(
  db: Database,
  chats: Chats,
  deliveries: Shown,
): Pick<Journal, 'chatHead' | 'remoteHead'> {
  const chatHead = db.prepare<[number, number], Omit<Row, 'network'>>(`
    SELECT seq, json, received_at_ms FROM remote_event
    WHERE chat = ? AND state = 'new' ORDER BY seq ${limit}`);
  const remoteHead = db.prepare<
    [number, number, number, number],
    Row & { id: number; portal: number }
  >(`
    SELECT e.seq AS id, e.portal, COALESCE(e.copy_of, e.seq) AS seq, c.network, e.json, e.received_at_ms
    FROM remote_event e JOIN chat c ON c.id = e.chat
    WHERE e.portal = ? AND e.state = 'open' AND e.seq > ? AND e.seq <= ? ORDER BY e.seq ${limit}`);

  return {
    chatHead: async (network, view, limit) => {
      const chat = chats.find(network, view);
      if (chat === undefined) return [];
      return chatHead.all(chat, limit).map((row) => toEventRow({ ...row, network }));
    },
    remoteHead: async (portal, limit, after = 0) =>
      remoteHead
        .all(portal, after, deliveries.upTo(), limit)
        .map((row): RemoteDelivery => ({ ...toEventRow(row), id: row.id, portal: row.portal })),
  };
}

const toEventRow = (row: Row): RemoteEventRow => ({
  seq: row.seq,
  network: row.network,
  event: JSON.parse(row.json) as RemoteEvent,
  receivedAtMs: row.received_at_ms,
});
