import type { Database } from 'better-sqlite3';
import type { Outcome } from '../../ports/journal.ts';
import { StorageError } from '../../ports/storage-error.ts';
import type { Bodies } from './bodies.ts';
import type { Notices } from './notices.ts';
import type { Parts } from './part.ts';
import type { WriteOf } from './write-of.ts';

type Ending = Omit<WriteOf<'ended'>, 'kind'>;

/** How deliveries to a network end. All run within a commit. */
export interface Endings {
  end(ending: Ending): void;
  /** A part came back. Of a delivery that has ended: it arrived after all, and is linked. */
  settle(delivery: number, atMs: number): void;
}

interface Row {
  readonly state: 'open' | 'dead' | 'done';
  readonly outcome: Outcome | null;
}

export function endings(
  db: Database,
  { parts, notices, bodies }: { parts: Parts; notices: Notices; bodies: Bodies },
): Endings {
  const find = db.prepare<[number], Row>('SELECT state, outcome FROM delivery WHERE id = ?');
  const bury = db.prepare<[string, string | null, number, number]>(`
    UPDATE delivery SET outcome = ?, reason = ?, ended_at_ms = ?,
      state = CASE WHEN state = 'done' THEN state ELSE 'dead' END
    WHERE id = ?`);
  const finish = db
    .prepare<[number, number], number>(`
      UPDATE delivery SET outcome = 'delivered', reason = NULL, ended_at_ms = ?, state = 'done'
      WHERE id = ? AND outcome IS NOT 'delivered' RETURNING event`)
    .pluck();

  function get(delivery: number): Row {
    const row = find.get(delivery);
    if (row) return row;
    throw new StorageError(`There is no delivery ${delivery}: take it from \`head\`.`);
  }

  /** @returns whether that is news. */
  function deliver(delivery: number, atMs: number): boolean {
    const event = finish.get(atMs, delivery);
    if (event === undefined) {
      // Whoever says so did not know yet that it has come back.
      get(delivery);
      return false;
    }
    parts.finish(delivery);
    bodies.forgetMatrixEvent(event);
    return true;
  }

  /** @returns whether that is news. */
  function giveUp({ delivery, as, atMs, reason }: Ending): boolean {
    if (get(delivery).outcome === 'delivered') return false;
    if (as === 'unknown' && parts.areAllSent(delivery)) return deliver(delivery, atMs);
    bury.run(as, reason ?? null, atMs, delivery);
    return true;
  }

  return {
    end(ending) {
      const { delivery, as, atMs, tell = false } = ending;
      const isNews = as === 'delivered' ? deliver(delivery, atMs) : giveUp(ending);
      if (isNews) notices.changed(delivery, tell);
    },

    settle(delivery, atMs) {
      const row = get(delivery);
      if (row.state === 'open') return;
      parts.linkEchoed(delivery);
      if (row.outcome === 'delivered' || !parts.areAllSent(delivery)) return;
      deliver(delivery, atMs);
      notices.changed(delivery, false);
    },
  };
}
