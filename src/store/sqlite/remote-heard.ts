import type { Database } from 'better-sqlite3';
import type { Chats } from './chat.ts';
import type { Heard } from './echo.ts';
import { type Copy, OPEN } from './remote-copy.ts';
import type { Shown } from './shown.ts';
import { receiverColumn } from './view.ts';
import type { WriteOf } from './write-of.ts';

interface Needs {
  readonly chats: Chats;
  readonly isEcho: (heard: Heard) => boolean;
  readonly shown: Shown;
  readonly copy: Copy;
}

/** Journals what a network says, and sends it on to the portals of its chat. Runs within a commit. */
export function hearing(
  db: Database,
  { chats, isEcho, shown, copy }: Needs,
): (write: WriteOf<'remote-events'>) => void {
  const isKnown = db.prepare<[number, string]>(
    'SELECT 1 FROM remote_event WHERE chat = ? AND key = ?',
  );
  // Only its key, so that it is known when it comes again without its `echoOf`.
  const insertEcho = db.prepare<[number, string, number]>(
    "INSERT INTO remote_event (chat, key, received_at_ms, state) VALUES (?, ?, ?, 'done')",
  );
  const insert = db.prepare<[number, string | null, number | null, string, number, string]>(`
    INSERT INTO remote_event (chat, key, portal, json, received_at_ms, state) VALUES (?, ?, ?, ?, ?, ?)`);
  const isWaiting = db.prepare<[number]>(
    "SELECT 1 FROM remote_event WHERE chat = ? AND state = 'new' LIMIT 1",
  );
  const portalsOf = db
    .prepare<[string, string, string], number>(
      'SELECT id FROM portal WHERE network = ? AND chat = ? AND receiver = ? AND unlinked = 0 ORDER BY id',
    )
    .pluck();

  /** To the portals that are there, unless something older is still to find them. */
  function send(chat: number, { network, event, atMs }: Heard): void {
    const view = [network, event.chat, receiverColumn(event)] as const;
    const [first, ...others] = isWaiting.get(chat) === undefined ? portalsOf.all(...view) : [];
    const state = first === undefined ? 'new' : 'open';
    const row = [event.key ?? null, first ?? null, JSON.stringify(event), atMs, state] as const;
    const seq = Number(insert.run(chat, ...row).lastInsertRowid);
    if (first !== undefined) shown.wrote(seq);
    for (const portal of others) copy(seq, portal, OPEN);
  }

  function keep(chat: number, heard: Heard): void {
    const { key } = heard.event;
    if (!isEcho(heard)) send(chat, heard);
    else if (key !== undefined) insertEcho.run(chat, key, heard.atMs);
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
