import type { Database } from './open.ts';

export interface EventRow {
  readonly n: number;
  readonly stream: string;
  readonly event_id: string;
  readonly type: string;
  readonly to_ref: string | null;
  readonly to_device: string | null;
  readonly conv_id: string | null;
  /** JSON. */
  readonly data: string;
  readonly instead: string | null;
  readonly at_ms: number;
}

export type NewEvent = Omit<EventRow, 'n'>;

/** The queues: what is in them leaves when it was acknowledged, or is too old. */
export function events(db: Database) {
  const forget = db.prepare('DELETE FROM events WHERE stream = ? AND instead = ?');
  const insert = db.prepare(`
    INSERT INTO events (stream, event_id, type, to_ref, to_device, conv_id, data, instead, at_ms)
    VALUES (@stream, @event_id, @type, @to_ref, @to_device, @conv_id, @data, @instead, @at_ms)`);
  const after = db.prepare<[string, number, number], EventRow>(
    'SELECT * FROM events WHERE stream = ? AND n > ? ORDER BY n LIMIT ?',
  );
  const newest = db.prepare<[], { seq: number }>(
    "SELECT seq FROM sqlite_sequence WHERE name = 'events'",
  );
  const gone = db.prepare<[string], { gone_n: number }>(
    'SELECT gone_n FROM streams WHERE stream = ?',
  );
  const setGone = db.prepare(`
    INSERT INTO streams (stream, gone_n) VALUES (?, ?)
    ON CONFLICT (stream) DO UPDATE SET gone_n = max(gone_n, excluded.gone_n)`);
  const drop = db.prepare('DELETE FROM events WHERE stream = ? AND n <= ?');
  const dropTo = db.prepare('DELETE FROM events WHERE to_ref = ? AND to_device = ?');
  const stale = db.prepare<[number, number], EventRow>(
    'SELECT * FROM events WHERE at_ms < ? ORDER BY at_ms LIMIT ?',
  );
  const count = db.prepare<[], { count: number }>('SELECT count(*) AS count FROM events');
  const remove = db.prepare('DELETE FROM events WHERE n = ?');
  const dropGone = (stream: string, n: number) => {
    setGone.run(stream, n);
    drop.run(stream, n);
  };
  return {
    add(event: NewEvent): void {
      if (event.instead !== null) forget.run(event.stream, event.instead);
      insert.run(event);
    },
    after: (stream: string, n: number, limit: number): EventRow[] => after.all(stream, n, limit),
    /** The number of the newest event of all streams. */
    newest: (): number => newest.get()?.seq ?? 0,
    /** Up to where the stream is gone. */
    goneUpTo: (stream: string): number => gone.get(stream)?.gone_n ?? 0,
    acknowledge: dropGone,
    queued: (): number => count.get()?.count ?? 0,
    /** What waits for a device that is no more. */
    removeTo: (userRef: string, device: string): void => void dropTo.run(userRef, device),
    /** Takes what is older, and returns it. */
    takeOlderThan(ms: number, limit: number): EventRow[] {
      const rows = stale.all(ms, limit);
      for (const { n, stream } of rows) {
        remove.run(n);
        setGone.run(stream, n);
      }
      return rows;
    },
  };
}
