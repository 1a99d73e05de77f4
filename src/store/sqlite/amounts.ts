import type { Database } from 'better-sqlite3';
import type { Amount, Repairs } from '../../ports/journal.ts';

interface Row {
  readonly network: string;
  readonly direction: Amount['direction'];
  readonly waiting: number;
  readonly oldest_at_ms: number | null;
  readonly dead: number;
}

/** By the indexes of what waits and of what is dead, so that what is done costs nothing. */
const of = (direction: Amount['direction'], rows: string): string => `
  SELECT o.network, '${direction}' AS direction, COUNT(w.at_ms) AS waiting, MIN(w.at_ms) AS oldest_at_ms,
    COUNT(*) - COUNT(w.at_ms) AS dead
  FROM (${rows}) w JOIN portal o ON o.id = w.portal GROUP BY o.network`;

const toNetwork = of(
  'to_network',
  `SELECT d.portal, e.received_at_ms AS at_ms
   FROM delivery d JOIN matrix_event e ON e.seq = d.event WHERE d.state = 'open'
   UNION ALL SELECT portal, NULL FROM delivery WHERE state = 'dead'`,
);
const toMatrix = of(
  'to_matrix',
  `SELECT portal, received_at_ms AS at_ms FROM remote_event WHERE state = 'open'
   UNION ALL SELECT portal, NULL FROM remote_event WHERE state = 'dead'`,
);

export function waitingOf(db: Database): Repairs['waitingOf'] {
  const all = db.prepare<[string], Pick<Amount, 'network' | 'waiting'>>(`
    SELECT o.network, COUNT(*) AS waiting
    FROM delivery d JOIN matrix_event e ON e.seq = d.event JOIN portal o ON o.id = d.portal
    WHERE d.state = 'open' AND e.sender = ? GROUP BY o.network`);
  return async (sender) => all.all(sender);
}

export function amounts(db: Database): Repairs['amounts'] {
  const all = db.prepare<[], Row>(`${toNetwork} UNION ALL ${toMatrix}`);
  return async () =>
    all.all().map(({ network, direction, waiting, dead, oldest_at_ms: oldestAtMs }) => ({
      ...{ network, direction, waiting, dead },
      ...(oldestAtMs !== null && { oldestAtMs }),
    }));
}
