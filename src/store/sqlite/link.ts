import type { Database } from 'better-sqlite3';
import type { MatrixEventId } from '../../model/matrix-ids.ts';
import type { MessageLink } from '../../model/message-link.ts';
import { remoteMessageId } from '../../model/remote-ids.ts';
import type { LinkStore } from '../../ports/store.ts';

interface Row {
  readonly portal: number;
  readonly event_id: string;
  readonly remote_id: string;
  readonly part: number;
  readonly said_by: string;
  readonly sender: string;
  readonly thread_root: string | null;
}

export function linkStore(db: Database): LinkStore {
  const ofEvent = db.prepare<[number, string], Row>(
    'SELECT * FROM link WHERE portal = ? AND event_id = ? ORDER BY part',
  );
  // Left to itself, SQLite walks all links of the portal by the primary key.
  const ofRemote = db.prepare<[number, string], Row>(
    'SELECT * FROM link INDEXED BY link_remote WHERE portal = ? AND remote_id = ? ORDER BY part',
  );
  return {
    ofEvent: async (portal, eventId) => ofEvent.all(portal, eventId).map(toLink),
    ofRemote: async (portal, remoteId) => ofRemote.all(portal, remoteId).map(toLink),
  };
}

/** Runs within a commit. A link that is there already is brought up to date. */
export function linkWrites(db: Database): (link: MessageLink) => void {
  const save = db.prepare<[number, string, string, number, string, string, string | null]>(`
    INSERT INTO link (portal, event_id, remote_id, part, said_by, sender, thread_root)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (portal, event_id, remote_id) DO UPDATE SET part = excluded.part,
      said_by = excluded.said_by, sender = excluded.sender, thread_root = excluded.thread_root`);
  return ({ portal, eventId, remoteId, part, saidBy, sender, threadRoot }) => {
    save.run(portal, eventId, remoteId, part, saidBy, sender, threadRoot ?? null);
  };
}

const toLink = (row: Row): MessageLink => ({
  portal: row.portal,
  eventId: row.event_id as MatrixEventId,
  remoteId: remoteMessageId(row.remote_id),
  part: row.part,
  saidBy: row.said_by as MessageLink['saidBy'],
  sender: row.sender,
  ...(row.thread_root !== null && { threadRoot: row.thread_root as MatrixEventId }),
});
