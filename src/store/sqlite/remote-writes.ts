import type { Database } from 'better-sqlite3';
import { StorageError } from '../../ports/storage-error.ts';
import type { Bodies } from './bodies.ts';
import type { Chats } from './chat.ts';
import type { Heard } from './echo.ts';
import { linkedPortals, unlinked } from './linked.ts';
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
  return { hear: hearing(db, needs), ...finding(db, needs), ...ending(db, needs) };
}

function hearing(db: Database, { chats, isEcho }: Needs): RemoteWrites['hear'] {
  const isKnown = db.prepare<[number, string]>(
    'SELECT 1 FROM remote_event WHERE chat = ? AND key = ?',
  );
  const insert = db.prepare<[number, string | null, string, number]>(
    'INSERT INTO remote_event (chat, key, json, received_at_ms) VALUES (?, ?, ?, ?)',
  );
  // Only its key, so that it is known when it comes again without its `echoOf`.
  const insertEcho = db.prepare<[number, string, number]>(`
    INSERT INTO remote_event (chat, key, received_at_ms, state) VALUES (?, ?, ?, 'understood')`);

  function keep(chat: number, { network, event, atMs }: Heard): void {
    const { key } = event;
    if (!isEcho({ network, event, atMs }))
      insert.run(chat, key ?? null, JSON.stringify(event), atMs);
    else if (key !== undefined) insertEcho.run(chat, key, atMs);
  }

  return ({ network, events, atMs }) => {
    for (const event of events) {
      const chat = chats.findOrAdd(network, event);
      if (event.key !== undefined && isKnown.get(chat, event.key) !== undefined) continue;
      keep(chat, { network, event, atMs });
      chats.heard(chat, event);
    }
  };
}

function finding(db: Database, { bodies, now, shown }: Needs): Pick<RemoteWrites, 'understand'> {
  const understand = db.prepare<[number]>(
    "UPDATE remote_event SET state = 'understood' WHERE seq = ? AND state = 'new'",
  );
  const isLinked = linkedPortals(db);
  const open = db.prepare<[number, number]>(
    'INSERT INTO remote_delivery (event, portal) VALUES (?, ?)',
  );
  const openFailed = db.prepare<[number, number, string, number]>(`
    INSERT INTO remote_delivery (event, portal, state, reason, ended_at_ms)
    VALUES (?, ?, 'dead', ?, ?)`);

  return {
    understand({ of, portals }) {
      if (understand.run(of).changes === 0)
        throw new StorageError(
          `The remote event ${of} does not wait for its portals: it was never journalled, or has ` +
            'found them already. Take it from `chatHead`.',
        );
      for (const portal of new Set(portals))
        if (isLinked(portal)) shown.wrote(Number(open.run(of, portal).lastInsertRowid));
        else openFailed.run(of, portal, unlinked, now());
      bodies.forgetRemoteEvent(of);
    },
  };
}

function ending(db: Database, { bodies, now }: Needs): Pick<RemoteWrites, 'end' | 'endAll'> {
  const remove = db
    .prepare<[number], number>('DELETE FROM remote_delivery WHERE id = ? RETURNING event')
    .pluck();
  const fail = db.prepare<[string | null, number, number]>(
    "UPDATE remote_delivery SET state = 'dead', reason = ?, ended_at_ms = ? WHERE id = ?",
  );
  const failAll = db.prepare<[string, number, number]>(`
    UPDATE remote_delivery SET state = 'dead', reason = ?, ended_at_ms = ?
    WHERE portal = ? AND state = 'open'`);

  return {
    end({ delivery, as, atMs, reason }) {
      if (as === 'failed') {
        fail.run(reason ?? null, atMs, delivery);
        return;
      }
      const event = remove.get(delivery);
      if (event !== undefined) bodies.forgetRemoteEvent(event);
    },
    endAll: (portal) => void failAll.run(unlinked, now(), portal),
  };
}
