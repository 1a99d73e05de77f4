import type { Database } from 'better-sqlite3';
import { StorageError } from '../../ports/storage-error.ts';
import type { Bodies } from './bodies.ts';
import type { Chats } from './chat.ts';
import type { Heard } from './echo.ts';
import { linkedPortals, unlinked } from './linked.ts';
import { type Copy, copying, type Fate, OPEN } from './remote-copy.ts';
import { hearing } from './remote-heard.ts';
import type { Shown } from './shown.ts';
import type { WriteOf } from './write-of.ts';

/** All run within a commit. */
export interface RemoteWrites {
  hear(write: WriteOf<'remote-events'>): void;
  understand(write: WriteOf<'remote-deliveries'>): void;
  end(write: WriteOf<'remote-ended'>): void;
  /** The portal is unlinked: what waits for it has failed. */
  endAll(portal: number): void;
}

interface Needs {
  readonly chats: Chats;
  readonly bodies: Bodies;
  readonly isEcho: (heard: Heard) => boolean;
  readonly now: () => number;
  readonly shown: Shown;
}

export function remoteWrites(db: Database, needs: Needs): RemoteWrites {
  const copy = copying(db, needs.shown);
  return {
    hear: hearing(db, { ...needs, copy }),
    understand: finding(db, needs, copy),
    ...ending(db, needs),
  };
}

function finding(
  db: Database,
  { bodies, now, shown }: Needs,
  copy: Copy,
): RemoteWrites['understand'] {
  const find = db.prepare<[number]>("SELECT 1 FROM remote_event WHERE seq = ? AND state = 'new'");
  const begin = db.prepare<[number, string, string | null, number | null, number]>(
    'UPDATE remote_event SET portal = ?, state = ?, reason = ?, ended_at_ms = ? WHERE seq = ?',
  );
  const isLinked = linkedPortals(db);
  const fateAt = (portal: number): Fate =>
    isLinked(portal) ? OPEN : { state: 'dead', reason: unlinked, endedAtMs: now() };

  return ({ of, portals }) => {
    if (find.get(of) === undefined)
      throw new StorageError(
        `The remote event ${of} does not wait for its portals: it was never journalled, or has ` +
          'found them already. Take it from `chatHead`.',
      );
    const [first, ...others] = new Set(portals);
    if (first === undefined) return bodies.forgetRemoteEvent(of);
    const { state, reason, endedAtMs } = fateAt(first);
    begin.run(first, state, reason, endedAtMs, of);
    shown.wrote(of);
    for (const portal of others) copy(of, portal, fateAt(portal));
  };
}

function ending(db: Database, { bodies, now }: Needs): Pick<RemoteWrites, 'end' | 'endAll'> {
  const fail = db.prepare<[string | null, number, number]>(
    "UPDATE remote_event SET state = 'dead', reason = ?, ended_at_ms = ? WHERE seq = ?",
  );
  const failAll = db.prepare<[string, number, number]>(`
    UPDATE remote_event SET state = 'dead', reason = ?, ended_at_ms = ?
    WHERE portal = ? AND state = 'open'`);

  return {
    end({ delivery, as, atMs, reason }) {
      if (as === 'failed') fail.run(reason ?? null, atMs, delivery);
      else bodies.forgetRemoteEvent(delivery);
    },
    endAll: (portal) => void failAll.run(unlinked, now(), portal),
  };
}
