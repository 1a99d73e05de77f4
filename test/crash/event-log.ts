import { join } from 'node:path';
import Database from 'better-sqlite3';
import { JsonLog } from './json-log.ts';
import type { MatrixEvent } from './matrix-reading.ts';

/** All events of a homeserver, in the order in which it took them. */
export interface EventLog {
  /** Everything that it has on disk by now. */
  read(): readonly MatrixEvent[];
}

/** The journal of the dev homeserver. */
export function devEvents(dir: string): EventLog {
  const lines = new JsonLog<{ readonly event?: MatrixEvent }>(join(dir, 'journal.jsonl'));
  const events: MatrixEvent[] = [];
  let read = 0;
  return {
    read() {
      const all = lines.read();
      events.push(...all.slice(read).flatMap(({ event }) => event ?? []));
      read = all.length;
      return events;
    },
  };
}

interface Row {
  readonly number: number;
  readonly event_id: string;
  readonly json: string;
}

/** What was committed since, which is not in the order of the stream where two rooms were at it at once. */
const newRows = `
  SELECT event_json.rowid AS number, event_id, json FROM event_json JOIN events USING (event_id)
  WHERE event_json.rowid > ? AND NOT outlier AND rejection_reason IS NULL ORDER BY stream_ordering`;

/** The database of a Synapse, whose words in it stay whole for days after they were redacted. */
export function synapseEvents(dir: string): EventLog {
  const events: MatrixEvent[] = [];
  const database = new Database(join(dir, 'homeserver.db'), {
    readonly: true,
    fileMustExist: true,
  });
  const rows = database.prepare<[number], Row>(newRows);
  let read = 0;
  return {
    read() {
      for (const { number, event_id, json } of rows.all(read)) {
        read = Math.max(read, number);
        events.push({ ...(JSON.parse(json) as MatrixEvent), event_id });
      }
      return events;
    },
  };
}
