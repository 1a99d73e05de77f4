import type { Database } from 'better-sqlite3';
import { StorageError } from '../../ports/storage-error.ts';
import type { Endings } from './endings.ts';
import { linkedPortals, unlinked } from './linked.ts';
import type { Parts } from './part.ts';
import type { WriteOf } from './write-of.ts';

/** What becomes of a delivery to a network until it ends. All run within a commit. */
export interface DeliveryWrites {
  /** In the lane of its portal; if that was unlinked in the meantime it has failed at once. */
  open(event: number, portal: number): void;
  begin(write: WriteOf<'begun'>): void;
  doubt(write: WriteOf<'doubt'>): void;
  /** The portal is unlinked: what waits for it has failed. */
  endAll(portal: number): void;
}

export function deliveryWrites(
  db: Database,
  now: () => number,
  { parts, endings }: { parts: Parts; endings: Endings },
): DeliveryWrites {
  const insert = db
    .prepare<[number, number], number>(
      'INSERT INTO delivery (event, portal) VALUES (?, ?) RETURNING id',
    )
    .pluck();
  const isLinked = linkedPortals(db);
  const begin = db.prepare<[string, number, number]>(
    "UPDATE delivery SET voice = ?, in_doubt = 1, begun_at_ms = ? WHERE id = ? AND state <> 'done'",
  );
  const doubt = db.prepare<[number, number]>(
    'UPDATE delivery SET in_doubt = ? WHERE id = ? AND voice IS NOT NULL',
  );
  const waiting = db
    .prepare<[number], number>("SELECT id FROM delivery WHERE portal = ? AND state = 'open'")
    .pluck();
  const fail = (delivery: number): void =>
    endings.end({ delivery, as: 'failed', atMs: now(), reason: unlinked, tell: true });

  return {
    open(event, portal) {
      const delivery = insert.get(event, portal) as number;
      if (!isLinked(portal)) fail(delivery);
    },
    begin(write) {
      if (begin.run(write.voice, write.atMs, write.delivery).changes === 0)
        throw new StorageError(
          `There is no delivery ${write.delivery}, or it has ended: take it from \`head\`.`,
        );
      parts.replace(write);
    },
    doubt: ({ delivery, is }) => void doubt.run(Number(is), delivery),
    endAll: (portal) => waiting.all(portal).forEach(fail),
  };
}
