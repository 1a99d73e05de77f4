import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { remoteChatId } from '../../../../src/model/remote-ids.ts';
import { openStorage } from '../../../../src/store/sqlite/index.ts';
import { migrate } from '../../../../src/store/sqlite/migrate.ts';
import { migrations } from '../../../../src/store/sqlite/migrations/index.ts';
import { tempFolders } from '../temp-folder.ts';

describe('migrate', () => {
  const first = 'CREATE TABLE a (v INTEGER) STRICT; INSERT INTO a VALUES (1);';
  const second = 'CREATE TABLE b (v INTEGER) STRICT; INSERT INTO b SELECT v FROM a;';
  let db: Database;
  beforeEach(() => {
    db = new Sqlite(':memory:');
  });
  afterEach(() => db.close());
  const version = () => db.pragma('user_version', { simple: true });
  const count = (table: string) => db.prepare(`SELECT COUNT(*) FROM ${table}`).pluck().get();

  it('runs each step once, and only those that are new', () => {
    migrate(db, 'a.db', [first]);
    migrate(db, 'a.db', [first]);
    expect([version(), count('a')]).toEqual([1, 1]);
    migrate(db, 'a.db', [first, second]);
    expect([version(), count('a'), count('b')]).toEqual([2, 1, 1]);
  });

  it('leaves all as it was when a step fails', () => {
    migrate(db, 'a.db', [first]);
    const broken = 'CREATE TABLE c (v INTEGER) STRICT; INSERT INTO nowhere VALUES (1);';
    expect(() => migrate(db, 'a.db', [first, second, broken])).toThrow('nowhere');
    expect(version()).toBe(1);
    expect(() => count('b')).toThrow('no such table');
    migrate(db, 'a.db', [first, second]);
    expect(count('b')).toBe(1);
  });

  it('refuses a database of a newer version, and says what to do', () => {
    migrate(db, 'a.db', [first, second]);
    expect(() => migrate(db, 'a.db', [first])).toThrow(
      /a\.db has version 2.*versions up to 1.*start the newer one again.*backup/,
    );
    expect(version()).toBe(2);
  });

  it('refuses a database of another program', () => {
    db.exec('CREATE TABLE theirs (v)');
    expect(() => migrate(db, 'a.db', [first])).toThrow(/another program/);
    expect(() => count('a')).toThrow('no such table');
  });
});

describe('the second step', () => {
  const folder = tempFolders();
  it('counts all that was journalled before it as accounted for', async () => {
    const path = join(folder(), 'bridge.db');
    const db = new Sqlite(path);
    migrate(db, path, migrations.slice(0, 1));
    db.exec(`
      INSERT INTO matrix_event (id, room_id, json, received_at_ms) VALUES ('$a', '!r', '{}', 1), ('$b', '!r', '{}', 2);
      INSERT INTO portal (network, chat, receiver, room_id, owns_room, origin) VALUES ('n', 'c', '', '!r', 0, 'config')`);
    db.close();
    const storage = await openStorage({ path, key: new Uint8Array(32) });
    const { place, portals } = await storage.journal.accounted('!r');
    const atMs = expect.any(Number);
    expect(portals).toEqual([{ portal: 1, place, atMs }]);
    expect(await storage.journal.known('$b')).toEqual({ place, waits: true });
    expect((await storage.journal.roomHead('!r', 9)).map(({ id }) => id)).toEqual(['$a', '$b']);
    await storage.close();
  });
});

describe('the fourth step', () => {
  const folder = tempFolders();
  it('takes along what waited, what was dead and which numbers were used', async () => {
    const path = join(folder(), 'bridge.db');
    const db = new Sqlite(path);
    migrate(db, path, migrations.slice(0, 3));
    const event = (id: string) => `{"kind":"message","chat":"c","id":"${id}"}`;
    db.exec(`
      INSERT INTO portal (network, chat, receiver, room_id, owns_room, origin)
        VALUES ('n', 'c', '', '!one', 0, 'config'), ('n', 'c', '', '!two', 0, 'config');
      INSERT INTO chat (id, network, chat, receiver) VALUES (1, 'n', 'c', '');
      INSERT INTO remote_event (seq, chat, key, json, received_at_ms, state) VALUES
        (3, 1, 'done', NULL, 1, 'understood'), (4, 1, 'a', '${event('a')}', 2, 'understood'),
        (5, 1, NULL, '${event('b')}', 3, 'understood'), (6, 1, 'new', '${event('c')}', 4, 'new'), (9, 1, NULL, NULL, 5, 'new');
      DELETE FROM remote_event WHERE seq = 9;
      INSERT INTO remote_delivery (event, portal, state, reason, ended_at_ms) VALUES
        (4, 1, 'dead', 'refused: x', 7), (4, 2, 'open', NULL, NULL), (5, 1, 'open', NULL, NULL), (5, 2, 'open', NULL, NULL)`);
    db.close();
    const { journal, repairs, close } = await openStorage({ path, key: new Uint8Array(32) });
    const seqs = async (portal: number) =>
      (await journal.remoteHead(portal, 9)).map(({ seq }) => seq);
    expect([await seqs(1), await seqs(2)]).toEqual([[5], [4, 5]]);
    expect(await journal.chatHead('n', { chat: remoteChatId('c') }, 9)).toMatchObject([{ seq: 6 }]);
    expect(await repairs.deadLetters(9)).toMatchObject([
      { roomId: '!one', reason: 'refused: x', endedAtMs: 7, receivedAtMs: 2 },
    ]);
    const heard = (key: string) =>
      ({
        kind: 'message',
        chat: 'c',
        id: key,
        key,
        sentAtMs: 1,
        sender: 'u',
        body: { text: '' },
      }) as never;
    const events = [heard('done'), heard('a'), heard('later')];
    await journal.commit([{ kind: 'remote-events', network: 'n', atMs: 1, events }]);
    const rows = await journal.chatHead('n', { chat: remoteChatId('c') }, 9);
    expect(rows.map(({ event }) => 'id' in event && event.id)).toEqual(['c', 'later']);
    expect(rows[1]?.seq).toBeGreaterThan(9);
    await close();
  });
});
