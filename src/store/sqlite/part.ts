import type { Database } from 'better-sqlite3';
import { StorageError } from '../../ports/storage-error.ts';
import type { WriteOf } from './write-of.ts';

/** A part's keys and ids outlive its delivery, as it may come back at any time. All run within a commit. */
export interface Parts {
  /** Takes the place of what was not sent; what was stays as it is. */
  replace(write: WriteOf<'begun'>): void;
  sent(write: WriteOf<'part-sent'>): void;
  areAllSent(delivery: number): boolean;
  forgetWire(delivery: number): void;
  /** All of it has arrived: forgets the wire bytes, and links what has come back. */
  finish(delivery: number): void;
  /**
   * Links the messages that came back, as the engine may never have heard of an id: `send` did not
   * tell it, or the outcome was unknown. What comes back as anything else is its own affair.
   */
  linkEchoed(delivery: number): void;
}

interface SentRow {
  readonly portal: number;
  readonly event_id: string;
  readonly sender: string;
  readonly ids: string | null;
}

export function parts(db: Database): Parts {
  const removeUnsent = db.prepare<[number]>('DELETE FROM part WHERE delivery = ? AND ids IS NULL');
  const put = db.prepare<[number, number, string, Uint8Array | null]>(`
    INSERT INTO part (delivery, part, key, wire) VALUES (?, ?, ?, ?)
    ON CONFLICT (delivery, part) DO NOTHING`);
  const areAllSent = db
    .prepare<[number], number>(
      'SELECT COUNT(*) > 0 AND COUNT(*) = COUNT(ids) FROM part WHERE delivery = ?',
    )
    .pluck();
  const forget = db
    .prepare<[number], string | null>(
      'UPDATE part SET wire = NULL WHERE delivery = ? RETURNING echo_kind',
    )
    .pluck();
  const linkEchoed = linking(db);

  return {
    replace({ delivery, parts }) {
      removeUnsent.run(delivery);
      parts.forEach(({ key, wire }, index) => {
        put.run(delivery, index, key, wire);
      });
    },
    sent: sending(db),
    areAllSent: (delivery) => areAllSent.get(delivery) === 1,
    forgetWire: (delivery) => void forget.all(delivery),
    finish(delivery) {
      if (forget.all(delivery).includes('message')) linkEchoed(delivery);
    },
    linkEchoed,
  };
}

/** No ids are no news: an echo may have told the id already. */
function sending(db: Database): Parts['sent'] {
  const sent = db.prepare<[string, number, number]>(
    'UPDATE part SET ids = ? WHERE delivery = ? AND part = ?',
  );
  const sentWithoutIds = db.prepare<[number, number]>(
    "UPDATE part SET ids = COALESCE(ids, '[]') WHERE delivery = ? AND part = ?",
  );
  return ({ delivery, part, ids }) => {
    const { changes } =
      ids.length === 0
        ? sentWithoutIds.run(delivery, part)
        : sent.run(JSON.stringify(ids), delivery, part);
    if (changes === 1) return;
    throw new StorageError(
      `Delivery ${delivery} has no part ${part}: write 'begun' with all parts before one is sent.`,
    );
  };
}

function linking(db: Database): Parts['linkEchoed'] {
  const rows = db.prepare<[number], SentRow>(`
    SELECT d.portal, e.id AS event_id, e.sender, p.ids
    FROM delivery d JOIN matrix_event e ON e.seq = d.event JOIN part p ON p.delivery = d.id
    WHERE d.id = ? AND e.sender IS NOT NULL
      AND EXISTS (SELECT 1 FROM part WHERE delivery = d.id AND echo_kind = 'message')
    ORDER BY p.part`);
  const insert = db.prepare<[number, string, string, number, string]>(`
    INSERT INTO link (portal, event_id, remote_id, part, said_by, sender)
    VALUES (?, ?, ?, ?, 'matrix', ?) ON CONFLICT DO NOTHING`);
  return (delivery) => {
    let part = 0;
    for (const row of rows.all(delivery)) {
      const ids: readonly (string | null)[] = row.ids === null ? [null] : JSON.parse(row.ids);
      for (const id of ids) {
        if (id !== null) insert.run(row.portal, row.event_id, id, part, row.sender);
        part++;
      }
    }
  };
}
