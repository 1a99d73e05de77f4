import type { Database } from 'better-sqlite3';
import type { Outcome } from '../../ports/journal.ts';
import { StorageError } from '../../ports/storage-error.ts';
import type { Bodies } from './bodies.ts';
import type { Notices } from './notices.ts';
import type { Parts } from './part.ts';
import type { WriteOf } from './write-of.ts';

/** How deliveries to a network end. All run within a commit. */
export interface Endings {
  end(ending: Omit<WriteOf<'ended'>, 'kind'>): void;
  /** A part came back. Of a delivery that has ended: it arrived after all, and is linked. */
  settle(delivery: number, atMs: number): void;
}

interface Row {
  readonly event: number;
  readonly state: 'open' | 'dead' | 'done';
  readonly outcome: Outcome | null;
}

export function endings(
  db: Database,
  { parts, notices, bodies }: { parts: Parts; notices: Notices; bodies: Bodies },
): Endings {
  const find = db.prepare<[number], Row>('SELECT event, state, outcome FROM delivery WHERE id = ?');
  const finish = db.prepare<[string, string | null, number, string, number]>(`
    UPDATE delivery SET outcome = ?, reason = ?, ended_at_ms = ?,
      state = CASE WHEN state = 'done' THEN state ELSE ? END
    WHERE id = ?`);

  function get(delivery: number): Row {
    const row = find.get(delivery);
    if (row) return row;
    throw new StorageError(`There is no delivery ${delivery}: take it from \`head\`.`);
  }

  function deliver(delivery: number, event: number, atMs: number): void {
    finish.run('delivered', null, atMs, 'done', delivery);
    parts.linkEchoed(delivery);
    parts.forgetWire(delivery);
    bodies.forgetMatrixEvent(event);
  }

  return {
    end({ delivery, as, atMs, reason, tell = false }) {
      const row = get(delivery);
      // Whoever says otherwise did not know yet that it has come back.
      if (row.outcome === 'delivered') return;
      const isThere = as === 'delivered' || (as === 'unknown' && parts.areAllSent(delivery));
      if (isThere) deliver(delivery, row.event, atMs);
      else finish.run(as, reason ?? null, atMs, 'dead', delivery);
      notices.changed(delivery, tell);
    },

    settle(delivery, atMs) {
      const row = get(delivery);
      if (row.state === 'open') return;
      parts.linkEchoed(delivery);
      if (row.outcome === 'delivered' || !parts.areAllSent(delivery)) return;
      deliver(delivery, row.event, atMs);
      notices.changed(delivery, false);
    },
  };
}
