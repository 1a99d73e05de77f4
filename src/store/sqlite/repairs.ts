import type { Database } from 'better-sqlite3';
import type { Repairs } from '../../ports/journal.ts';
import { StorageError } from '../../ports/storage-error.ts';
import { amounts, waitingOf } from './amounts.ts';
import type { Bodies } from './bodies.ts';
import type { Writer } from './group-commit.ts';
import { linkedPortals } from './linked.ts';
import type { Notices } from './notices.ts';
import type { Parts } from './part.ts';
import { repairReads } from './repairs-read.ts';

/** One kind of dead letter. All run within a commit; `false`: there is none of that number. */
interface Letters {
  readonly retry?: (id: number) => boolean;
  readonly discard: (id: number) => boolean;
  /** The ids of those that ended before. */
  readonly endedBefore: (ms: number) => readonly number[];
}

interface Needs {
  readonly parts: Parts;
  readonly notices: Notices;
  readonly bodies: Bodies;
  readonly now: () => number;
}

export function repairs(db: Database, writer: Writer, needs: Needs): Repairs {
  const kinds = new Map<string, Letters>([
    ['e', poisonEvents(db)],
    ['d', deadDeliveries(db, needs)],
    ['r', deadRemoteDeliveries(db, needs)],
    ['a', unreadable(db)],
  ]);
  const act = (id: string, action: 'retry' | 'discard') =>
    writer.run(() => {
      const [, kind = '', number] = /^([edra])(\d{1,15})$/.exec(id) ?? [];
      return kinds.get(kind)?.[action]?.(Number(number)) ?? false;
    });

  return {
    ...repairReads(db),
    amounts: amounts(db),
    waitingOf: waitingOf(db),
    retry: (id) => act(id, 'retry'),
    discard: (id) => act(id, 'discard'),
    expire: (beforeMs) =>
      writer.run(
        () =>
          [...kinds.values()]
            .flatMap((letters) => letters.endedBefore(beforeMs).map(letters.discard))
            .filter(Boolean).length,
      ),
  };
}

const idsOf = (db: Database, sql: string): Letters['endedBefore'] => {
  const ids = db.prepare<[number], number>(sql).pluck();
  return (ms) => ids.all(ms);
};

function poisonEvents(db: Database): Letters {
  const retry = db.prepare<[number]>(`
    UPDATE matrix_event SET state = 'new', reason = NULL, ended_at_ms = NULL
    WHERE seq = ? AND state = 'poison'`);
  const discard = db.prepare<[number]>(`
    UPDATE matrix_event SET state = 'understood', json = NULL WHERE seq = ? AND state = 'poison'`);
  return {
    retry: (id) => retry.run(id).changes === 1,
    discard: (id) => discard.run(id).changes === 1,
    endedBefore: idsOf(
      db,
      "SELECT seq FROM matrix_event WHERE state = 'poison' AND ended_at_ms < ?",
    ),
  };
}

/** Refuses where nobody would ever take the delivery up. */
function linkedOnly(db: Database): (portal: number) => void {
  const isLinked = linkedPortals(db);
  return (portal) => {
    if (isLinked(portal)) return;
    throw new StorageError(
      `The link that it was to go through (portal ${portal}) is no more, so it cannot be tried again: discard it.`,
    );
  };
}

function deadDeliveries(db: Database, { parts, notices, bodies, now }: Needs): Letters {
  const checkLinked = linkedOnly(db);
  const find = db
    .prepare<[number], number>("SELECT portal FROM delivery WHERE id = ? AND state = 'dead'")
    .pluck();
  const retry = db.prepare<[number, number]>(`
    UPDATE delivery SET state = 'open', outcome = NULL, reason = NULL, ended_at_ms = NULL, in_doubt = 0,
      retried_at_ms = ?
    WHERE id = ?`);
  // The rows of the parts stay: an echo of the first try may still come.
  const beginAnew = db.prepare<[number, number]>(`
    UPDATE delivery SET voice = NULL, begun_at_ms = NULL WHERE id = ?
      AND NOT EXISTS (SELECT 1 FROM part WHERE delivery = ? AND ids IS NOT NULL)`);
  const discard = db
    .prepare<[number], number>(
      "UPDATE delivery SET state = 'done' WHERE id = ? AND state = 'dead' RETURNING event",
    )
    .pluck();

  return {
    retry(id) {
      const portal = find.get(id);
      if (portal === undefined) return false;
      checkLinked(portal);
      retry.run(now(), id);
      beginAnew.run(id, id);
      notices.withdraw(id);
      return true;
    },
    discard(id) {
      const event = discard.get(id);
      if (event === undefined) return false;
      parts.forgetWire(id);
      bodies.forgetMatrixEvent(event);
      return true;
    },
    endedBefore: idsOf(db, "SELECT id FROM delivery WHERE state = 'dead' AND ended_at_ms < ?"),
  };
}

function deadRemoteDeliveries(db: Database, { bodies }: Needs): Letters {
  const checkLinked = linkedOnly(db);
  const find = db
    .prepare<[number], number>("SELECT portal FROM remote_event WHERE seq = ? AND state = 'dead'")
    .pluck();
  const retry = db.prepare<[number]>(
    "UPDATE remote_event SET state = 'open', reason = NULL, ended_at_ms = NULL WHERE seq = ?",
  );

  return {
    retry(id) {
      const portal = find.get(id);
      if (portal === undefined) return false;
      checkLinked(portal);
      retry.run(id);
      return true;
    },
    discard(id) {
      if (find.get(id) === undefined) return false;
      bodies.forgetRemoteEvent(id);
      return true;
    },
    endedBefore: idsOf(db, "SELECT seq FROM remote_event WHERE state = 'dead' AND ended_at_ms < ?"),
  };
}

function unreadable(db: Database): Letters {
  const discard = db.prepare<[number]>('DELETE FROM kept_aside WHERE id = ?');
  return {
    discard: (id) => discard.run(id).changes === 1,
    endedBefore: idsOf(db, 'SELECT id FROM kept_aside WHERE at_ms < ?'),
  };
}
