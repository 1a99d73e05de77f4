import type { Database } from 'better-sqlite3';
import type { Shown } from './shown.ts';

/** How a row begins in the lane of its portal, or that it has failed there. */
export interface Fate {
  readonly state: 'open' | 'dead';
  readonly reason: string | null;
  readonly endedAtMs: number | null;
}

export const OPEN: Fate = { state: 'open', reason: null, endedAtMs: null };

export type Copy = (seq: number, portal: number, fate: Fate) => void;

/** Another portal hears the same, and each has a fate of its own. */
export function copying(db: Database, shown: Shown): Copy {
  const insert = db.prepare<[number, string, string | null, number | null, number]>(`
    INSERT INTO remote_event (chat, copy_of, portal, json, received_at_ms, state, reason, ended_at_ms)
    SELECT chat, seq, ?, json, received_at_ms, ?, ?, ? FROM remote_event WHERE seq = ?`);
  return (seq, portal, { state, reason, endedAtMs }) =>
    shown.wrote(Number(insert.run(portal, state, reason, endedAtMs, seq).lastInsertRowid));
}
