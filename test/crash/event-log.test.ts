import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { synapseEvents } from './event-log.ts';

/** The tables of Synapse, as far as they are read. */
const tables = `
  CREATE TABLE events (stream_ordering INTEGER PRIMARY KEY, event_id TEXT, outlier BOOL, rejection_reason TEXT);
  CREATE TABLE event_json (event_id TEXT, json TEXT);`;

function database() {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-events-'));
  const written = new Database(join(dir, 'homeserver.db'));
  onTestFinished(() => {
    written.close();
    rmSync(dir, { recursive: true });
  });
  written.exec(tables);
  const add = (
    place: number,
    id: string,
    { outlier = 0, rejected = null as string | null } = {},
  ) => {
    written.prepare('INSERT INTO events VALUES (?, ?, ?, ?)').run(place, id, outlier, rejected);
    const json = JSON.stringify({ type: 'm.room.message', content: { body: id } });
    written.prepare('INSERT INTO event_json VALUES (?, ?)').run(id, json);
  };
  return { dir, add };
}

describe('synapseEvents', () => {
  it('reads what was added since, in the order of the stream, with its ids', () => {
    const { dir, add } = database();
    const log = synapseEvents(dir);
    expect(log.read()).toEqual([]);
    add(2, '$2');
    add(1, '$1');
    const body = (id: string) => ({ event_id: id, type: 'm.room.message', content: { body: id } });
    expect(log.read()).toEqual([body('$1'), body('$2')]);
    add(3, '$3');
    expect(log.read()).toEqual(['$1', '$2', '$3'].map(body));
  });

  it('misses nothing that was committed after what follows it in the stream', () => {
    const { dir, add } = database();
    const log = synapseEvents(dir);
    add(2, '$2');
    expect(log.read()).toHaveLength(1);
    add(1, '$1');
    expect(log.read().map(({ event_id }) => event_id)).toEqual(['$2', '$1']);
  });

  it('leaves out what is in no room', () => {
    const { dir, add } = database();
    add(1, '$1', { outlier: 1 });
    add(2, '$2', { rejected: 'no' });
    expect(synapseEvents(dir).read()).toEqual([]);
  });
});
