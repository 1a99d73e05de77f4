import type { Database } from 'better-sqlite3';
import type { RemoteEvent } from '../../ports/journal.ts';
import { idOf } from './chat.ts';
import type { Endings } from './endings.ts';
import { receiverColumn } from './view.ts';

/** Where and when an event was heard. */
export interface Heard {
  readonly network: string;
  readonly event: RemoteEvent;
  readonly atMs: number;
}

interface Row {
  readonly delivery: number;
  readonly part: number;
  readonly echo_kind: string | null;
  readonly echo_id: string | null;
}

/**
 * Takes in what is our own message coming back, and says whether it was. Runs within a commit.
 *
 * Only in the view that the part was sent to: elsewhere somebody has copied the key.
 */
export function echoes(db: Database, endings: Endings): (heard: Heard) => boolean {
  const find = db.prepare<[string, string, string, string], Row>(`
    SELECT p.delivery, p.part, p.echo_kind, p.echo_id
    FROM part p JOIN delivery d ON d.id = p.delivery JOIN portal o ON o.id = d.portal
    WHERE p.key = ? AND o.network = ? AND o.chat = ? AND o.receiver = ?`);
  const mark = db.prepare<[string, string | null, string, number, number]>(`
    UPDATE part SET echo_kind = ?, echo_id = ?,
      ids = CASE WHEN ids IS NULL OR ids = '[]' THEN ? ELSE ids END
    WHERE delivery = ? AND part = ?`);

  return ({ network, event, atMs }) => {
    if (!('echoOf' in event) || event.echoOf === undefined) return false;
    const part = find.get(event.echoOf, network, event.chat, receiverColumn(event));
    if (part === undefined) return false;
    const id = idOf(event);
    // One that repeats the key of the first is known by that key, and does not come as far as here.
    if (part.echo_kind !== null) return id !== undefined && id === part.echo_id;
    const ids = JSON.stringify(id === undefined ? [] : [id]);
    mark.run(event.kind, id ?? null, ids, part.delivery, part.part);
    endings.settle(part.delivery, atMs);
    return true;
  };
}
