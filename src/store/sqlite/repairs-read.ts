import type { Database } from 'better-sqlite3';
import type { MatrixRoomId } from '../../model/matrix-ids.ts';
import type { DeadLetter, QueueItem, Repairs } from '../../ports/journal.ts';
import { limit } from './limit.ts';

interface Row {
  readonly kind: string;
  readonly number: number;
  readonly received_at_ms: number;
  readonly room_id: string | null;
  readonly network: string | null;
  readonly chat: string | null;
}
interface QueueRow extends Row {
  readonly in_doubt: number;
}
interface DeadRow extends Row {
  readonly outcome: string;
  readonly reason: string | null;
  readonly ended_at_ms: number;
}

const queueSources = [
  `SELECT 'e' AS kind, seq AS number, received_at_ms, room_id, NULL AS network, NULL AS chat, 0 AS in_doubt
   FROM matrix_event WHERE state = 'new'`,
  `SELECT 'd', d.id, e.received_at_ms, o.room_id, o.network, o.chat, d.in_doubt
   FROM delivery d JOIN matrix_event e ON e.seq = d.event
   JOIN portal o ON o.id = d.portal WHERE d.state = 'open'`,
  `SELECT 'c', e.seq, e.received_at_ms, NULL, c.network, c.chat, 0
   FROM remote_event e JOIN chat c ON c.id = e.chat
   WHERE e.state = 'new'`,
  `SELECT 'r', e.seq, e.received_at_ms, o.room_id, o.network, o.chat, 0
   FROM remote_event e JOIN portal o ON o.id = e.portal
   WHERE e.state = 'open'`,
];

const deadSources = [
  `SELECT 'e' AS kind, seq AS number, received_at_ms, room_id, NULL AS network, NULL AS chat,
     'poison' AS outcome, reason, ended_at_ms
   FROM matrix_event WHERE state = 'poison'`,
  `SELECT 'd', d.id, e.received_at_ms, e.room_id, o.network, o.chat, d.outcome, d.reason, d.ended_at_ms
   FROM delivery d JOIN matrix_event e ON e.seq = d.event LEFT JOIN portal o ON o.id = d.portal
   WHERE d.state = 'dead'`,
  `SELECT 'r', e.seq, e.received_at_ms, o.room_id, c.network, c.chat, 'failed', e.reason, e.ended_at_ms
   FROM remote_event e JOIN chat c ON c.id = e.chat
   LEFT JOIN portal o ON o.id = e.portal WHERE e.state = 'dead'`,
  `SELECT 'a', id, at_ms, NULL, NULL, NULL, 'unreadable', reason, at_ms FROM kept_aside`,
];

/** What waits, and what was given up. */
export function repairReads(db: Database): Pick<Repairs, 'queue' | 'deadLetters'> {
  const queue = db.prepare<[number], QueueRow>(
    `${queueSources.join(' UNION ALL ')} ORDER BY received_at_ms, kind, number ${limit}`,
  );
  const dead = db.prepare<[number], DeadRow>(
    `${deadSources.join(' UNION ALL ')} ORDER BY ended_at_ms, kind, number ${limit}`,
  );
  return {
    queue: async (limit) =>
      queue.all(limit).map((row): QueueItem => ({ ...toItem(row), inDoubt: row.in_doubt === 1 })),
    deadLetters: async (limit) => dead.all(limit).map(toDeadLetter),
  };
}

const toDeadLetter = (row: DeadRow): DeadLetter => ({
  ...toItem(row),
  outcome: row.outcome as DeadLetter['outcome'],
  ...(row.reason !== null && { reason: row.reason }),
  endedAtMs: row.ended_at_ms,
});

const toItem = (row: Row): Omit<QueueItem, 'inDoubt'> => ({
  id: `${row.kind}${row.number}`,
  receivedAtMs: row.received_at_ms,
  ...(row.room_id !== null && { roomId: row.room_id as MatrixRoomId }),
  ...(row.network !== null && { network: row.network }),
  ...(row.chat !== null && { chat: row.chat }),
});
