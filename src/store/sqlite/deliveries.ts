import type { Database } from 'better-sqlite3';
import type { MatrixEventId } from '../../model/matrix-ids.ts';
import { remoteMessageId, type VoiceId } from '../../model/remote-ids.ts';
import type { Delivery, DeliveryPart, Journal, Owed } from '../../ports/journal.ts';
import { limit } from './limit.ts';

interface Row {
  readonly id: number;
  readonly portal: number;
  readonly voice: string | null;
  readonly in_doubt: number;
  readonly begun_at_ms: number;
  readonly event_id: string;
  readonly json: string;
  readonly received_at_ms: number;
  readonly late: number;
  readonly waits_since_ms: number;
}

interface PartRow {
  readonly key: string;
  readonly wire: Uint8Array | null;
  readonly ids: string | null;
}

const select = `
  SELECT d.id, d.portal, d.voice, d.in_doubt, d.begun_at_ms, e.id AS event_id, e.json, e.received_at_ms, e.late,
    coalesce(d.retried_at_ms, e.received_at_ms) AS waits_since_ms
  FROM delivery d JOIN matrix_event e ON e.seq = d.event`;

/** Matrix events on their way to their portals. */
export function deliveries(db: Database): Pick<Journal, 'head' | 'delivery' | 'hasDoubt' | 'owed'> {
  const head = db.prepare<[number, number, number], Row>(`
    ${select} WHERE d.portal = ? AND d.state = 'open' AND d.id > ? ORDER BY d.id ${limit}`);
  const headWithout = db.prepare<[number, number, string, number], Row>(`
    ${select} WHERE d.portal = ? AND d.state = 'open' AND d.id > ?
      AND e.sender NOT IN (SELECT value FROM json_each(?)) ORDER BY d.id ${limit}`);
  // What is done has no words any more, so there is nothing that could be delivered.
  const byId = db.prepare<[number], Row>(`${select} WHERE d.id = ? AND d.state <> 'done'`);
  const hasDoubt = db
    .prepare<[number, number], number>(`
      SELECT 1 FROM delivery
      WHERE portal = ? AND state = 'open' AND in_doubt = 1 AND begun_at_ms <= ? LIMIT 1`)
    .pluck();
  const owed = db
    .prepare<[string, number], Owed>(`
      SELECT coalesce(outcome, 'waiting') FROM delivery
      WHERE event = (SELECT seq FROM matrix_event WHERE id = ?) AND state <> 'done' AND portal = ?`)
    .pluck();
  const parts = db.prepare<[number], PartRow>(
    'SELECT key, wire, ids FROM part WHERE delivery = ? ORDER BY part',
  );
  const toDelivery = (row: Row): Delivery => ({
    id: row.id,
    portal: row.portal,
    eventId: row.event_id as MatrixEventId,
    json: row.json,
    receivedAtMs: row.received_at_ms,
    ...(row.late === 1 && { late: true }),
    waitsSinceMs: row.waits_since_ms,
    ...(row.voice !== null && {
      begun: {
        voice: row.voice as VoiceId,
        inDoubt: row.in_doubt === 1,
        atMs: row.begun_at_ms,
        parts: parts.all(row.id).map(toPart),
      },
    }),
  });

  return {
    head: async (portal, limit, after = 0, notOf = []) => {
      const rows =
        notOf.length === 0
          ? head.all(portal, after, limit)
          : headWithout.all(portal, after, JSON.stringify(notOf), limit);
      return rows.map(toDelivery);
    },
    delivery: async (id) => {
      const row = byId.get(id);
      return row && toDelivery(row);
    },
    hasDoubt: async (portal, begunByMs) => hasDoubt.get(portal, begunByMs) === 1,
    owed: async (portal, eventId) => owed.get(eventId, portal),
  };
}

const toPart = ({ key, wire, ids }: PartRow): DeliveryPart => ({
  key,
  wire: wire && new Uint8Array(wire),
  ...(ids !== null && { ids: (JSON.parse(ids) as string[]).map(remoteMessageId) }),
});
