import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { Write } from '../../../../src/ports/journal.ts';
import { StorageError } from '../../../../src/ports/storage-error.ts';
import type { Storage } from '../../../../src/ports/store.ts';
import { openStorage } from '../../../../src/store/sqlite/index.ts';
import {
  bytes,
  ended,
  linkPortal,
  makeBegun,
  makeDelivery,
  makeRemoteDelivery,
  matrixEvents,
  network,
  partSent,
  remoteEvents,
  said,
  waitingEvents,
  written,
} from '../../../../src/testing/store-contract/fixtures.ts';
import { systemClock } from '../../../../src/util/system-clock.ts';
import { tempFolders } from '../temp-folder.ts';

const key = new Uint8Array(32).fill(7);

describe('openStorage', () => {
  const folder = tempFolders();
  const opened: Storage[] = [];
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
  });
  async function open(path: string, withKey: Uint8Array = key): Promise<Storage> {
    const storage = await openStorage({ path, key: withKey });
    opened.push(storage);
    return storage;
  }
  const file = () => join(folder(), 'bridge.db');

  it('makes a file that only its owner can read, and so are those beside it', async () => {
    const path = file();
    const storage = await open(path);
    await written(storage, matrixEvents('a'));
    for (const name of [path, `${path}-wal`, `${path}-shm`])
      expect(statSync(name).mode & 0o777).toBe(0o600);
  });

  it('writes ahead, and brings down by itself only what a checkpoint moves', async () => {
    const path = file();
    const modes: unknown[] = [];
    const { pragma } = Sqlite.prototype;
    Sqlite.prototype.pragma = function seen(this: Sqlite.Database, sql: string, options) {
      modes.push(sql);
      return pragma.call(this, sql, options);
    } as typeof pragma;
    await open(path);
    Sqlite.prototype.pragma = pragma;
    // Less, and a power loss in a checkpoint could damage the file. See `LogFile` for what is more.
    expect(modes.filter((sql) => String(sql).startsWith('synchronous')).at(-1)).toBe(
      'synchronous = NORMAL',
    );
    expect(modes).toContain('foreign_keys = ON');
    const other = new Sqlite(path, { readonly: true });
    expect(other.pragma('journal_mode', { simple: true })).toBe('wal');
    other.close();
  });

  it('refuses a file system where it cannot write ahead', async () => {
    const { pragma } = Sqlite.prototype;
    Sqlite.prototype.pragma = function seen(this: Sqlite.Database, sql: string, options) {
      return sql.startsWith('journal_mode') ? 'delete' : pragma.call(this, sql, options);
    } as typeof pragma;
    await expect(open(file())).rejects.toThrow(/put it on a disk of this machine/);
    Sqlite.prototype.pragma = pragma;
  });

  it.each([
    ['a missing folder', (at: string) => join(at, 'no', 'b.db'), /folder does not exist: create/],
    ['a folder', (at: string) => at, /is a folder: name a file/],
  ])('says what to do about %s', async (_name, pathOf, message) => {
    const failed = open(pathOf(folder()));
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toBeInstanceOf(StorageError);
  });

  it('refuses a file that is no database, and leaves it as it is', async () => {
    const path = file();
    const text = 'my shopping list, which is longer than a header '.repeat(100);
    writeFileSync(path, text);
    await expect(open(path)).rejects.toThrow(/bridge\.db.*no SQLite database.*another path/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it.each([
    ['overwritten', (size: number) => new Uint8Array(size - 4096).fill(0x5a)],
    ['emptied', (size: number) => new Uint8Array(size - 4096)],
  ])('says what to do about a database that was %s', async (_name, garbage) => {
    const path = file();
    await written(await open(path), matrixEvents('a'));
    await opened.pop()?.close();
    const handle = openSync(path, 'r+');
    const damage = garbage(statSync(path).size);
    writeSync(handle, damage, 0, damage.length, 4096);
    closeSync(handle);
    const used = async () => waitingEvents(await open(path));
    await expect(used()).rejects.toThrow(/is damaged.*backup/);
  });

  it('says that it is closed', async () => {
    const path = file();
    const storage = await open(path);
    await storage.close();
    opened.pop();
    await expect(storage.journal.pending()).rejects.toThrow(/is closed/);
    const listing = storage.state.list(network, undefined, '')[Symbol.asyncIterator]();
    await expect(listing.next()).rejects.toThrow(/is closed/);
    await expect(
      storage.ghosts.save({ userId: '@a:b', network, remoteId: 'a' as never }),
    ).rejects.toThrow(/is closed/);
  });

  it('refuses a database that a newer program made', async () => {
    const path = file();
    await open(path);
    await opened.pop()?.close();
    const db = new Sqlite(path);
    db.pragma('user_version = 9999');
    db.close();
    await expect(open(path)).rejects.toThrow(/version 9999.*newer/);
  });

  it('refuses the database of another program', async () => {
    const path = file();
    const db = new Sqlite(path);
    db.exec('CREATE TABLE theirs (v)');
    db.close();
    await expect(open(path)).rejects.toThrow(/another program/);
  });

  it('refuses a key that is too short before it makes a file', async () => {
    const path = file();
    await expect(open(path, bytes(1))).rejects.toThrow(/1 bytes instead of 32/);
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('lets two processes open one file, which see what the other wrote', async () => {
    const path = file();
    const [bridge, command] = await Promise.all([open(path), open(path)]);
    expect(await bridge.journal.changedUnseen()).toBe(false);
    await written(bridge, matrixEvents('a'));
    expect(await bridge.journal.changedUnseen()).toBe(false);
    expect(await command.journal.changedUnseen()).toBe(true);
    await command.portals.markEncrypted('!room');
    expect(await bridge.journal.changedUnseen()).toBe(true);
    expect(await bridge.journal.changedUnseen()).toBe(false);
    expect(await waitingEvents(command)).toEqual(['$a']);
  });

  it('tells when all that was committed before is on disk', async () => {
    const path = file();
    const [bridge, other] = await Promise.all([open(path), open(path)]);
    await bridge.journal.commit([matrixEvents('a')], 'soon');
    expect(await waitingEvents(other)).toEqual([]);
    await bridge.journal.onDisk();
    expect(await waitingEvents(other)).toEqual(['$a']);
  });

  it('counts dead letters that have no time of their own by the clock of the bridge', async () => {
    const storage = await openStorage({
      path: ':memory:',
      key,
      clock: { ...systemClock, now: () => 42 },
    });
    opened.push(storage);
    await written(storage, matrixEvents('a'), { kind: 'poison', of: '$a', reason: 'x' });
    expect(await storage.repairs.deadLetters(1)).toMatchObject([{ endedAtMs: 42 }]);
  });

  describe('holds no words, in no corner of its files,', () => {
    const words = 'very secret words ';
    const long = { id: '$a', roomId: '!room', json: JSON.stringify(words.repeat(1000)) } as const;
    const hear: Write = { kind: 'matrix-events', atMs: 1, events: [long] };
    const discardAll = async (storage: Storage) => {
      for (const { id } of await storage.repairs.deadLetters(9)) await storage.repairs.discard(id);
    };
    const endRemote = async (storage: Storage, as: 'delivered' | 'failed', key?: string) => {
      const portal = await linkPortal(storage);
      const event = said('m', { body: { text: words }, ...(key !== undefined && { key }) });
      const { id } = await makeRemoteDelivery(storage, portal.id, event);
      await written(storage, { kind: 'remote-ended', delivery: id, as, atMs: 1 });
    };
    const begin = async (storage: Storage): Promise<number> => {
      const portal = await linkPortal(storage);
      await written(storage, hear, { kind: 'deliveries', of: '$a', portals: [portal.id] });
      const [delivery] = await storage.journal.head(portal.id, 1);
      const parts = [{ key: 'k', wire: Uint8Array.from(Buffer.from(words.repeat(500))) }];
      const about = { delivery: delivery!.id, voice: 'v' as never, atMs: 1, parts };
      await written(storage, { kind: 'begun', ...about });
      return delivery!.id;
    };

    it.each<[string, (storage: Storage) => Promise<unknown>]>([
      [
        'of what was delivered to a network',
        async (storage) => {
          const id = await begin(storage);
          await written(storage, partSent(id, 0, 'm'), ended(id, 'delivered'));
        },
      ],
      [
        'of what came back after an unknown outcome',
        async (storage) => {
          const id = await begin(storage);
          await written(storage, ended(id, 'unknown'));
          await written(storage, remoteEvents(said('m', { body: { text: words }, echoOf: 'k' })));
        },
      ],
      [
        'of a dead letter that was discarded',
        async (storage) => {
          await written(storage, ended(await begin(storage), 'failed'));
          await discardAll(storage);
        },
      ],
      [
        'of what was for no network',
        async (storage) => {
          await written(storage, hear);
          await written(storage, { kind: 'deliveries', of: '$a', portals: [] });
        },
      ],
      [
        'of poison that was discarded',
        async (storage) => {
          await written(storage, hear, { kind: 'poison', of: '$a', reason: 'x' });
          await discardAll(storage);
        },
      ],
      [
        'of bytes kept aside that were discarded',
        async (storage) => {
          const bytes = Uint8Array.from(Buffer.from(words));
          await written(storage, { kind: 'kept-aside', atMs: 1, bytes, reason: 'x' });
          await discardAll(storage);
        },
      ],
      [
        'of what nobody hears',
        async (storage) => {
          await written(storage, remoteEvents(said('m', { body: { text: words }, key: 'k' })));
          const [row] = await storage.journal.chatHead(network, said('m'), 1);
          await written(storage, { kind: 'remote-deliveries', of: row!.seq, portals: [] });
        },
      ],
      ['of what was delivered to Matrix', (storage) => endRemote(storage, 'delivered')],
      [
        'of what was delivered to Matrix with a key',
        (storage) => endRemote(storage, 'delivered', 'k'),
      ],
      [
        'of a dead letter from a network that was discarded',
        async (storage) => {
          await endRemote(storage, 'failed', 'k');
          await discardAll(storage);
        },
      ],
    ])('%s', async (_name, live) => {
      const path = file();
      const storage = await open(path);
      await live(storage);
      const holds = (name: string) => readFileSync(name).includes(words.trim());
      // They were there: the log of the open database still has them.
      expect(holds(`${path}-wal`)).toBe(true);
      await storage.tidy();
      for (const name of [path, `${path}-wal`]) expect(holds(name)).toBe(false);
    });
  });

  it('waits for nobody who reads when it wipes its log, and can still wait for who writes', async () => {
    const path = file();
    const storage = await open(path);
    await written(storage, matrixEvents('1'));
    const reader = new Sqlite(path);
    const reading = reader.prepare('SELECT id FROM matrix_event').iterate();
    reading.next();
    const beganAtMs = performance.now();
    await storage.tidy();
    expect(performance.now() - beganAtMs).toBeLessThan(2_000);
    reading.return?.();
    reader.close();
    await storage.tidy();
    expect(statSync(`${path}-wal`).size).toBe(0);
  });

  it('encrypts adapter state and facts, but not their keys', async () => {
    const path = file();
    const storage = await open(path);
    const value = Uint8Array.from(Buffer.from('a token that opens doors'));
    await written(storage, { kind: 'state', network, change: { key: 'name of the token', value } });
    await storage.facts.once('name of the fact', () => value);
    await opened.pop()?.close();
    const raw = readFileSync(path);
    expect(raw.includes('opens doors')).toBe(false);
    expect(raw.includes('name of the token')).toBe(true);
    expect(raw.includes('name of the fact')).toBe(true);
  });

  it('notices values that were swapped, and a key that is another', async () => {
    const path = file();
    const storage = await open(path);
    for (const name of ['a', 'b'])
      await written(storage, { kind: 'state', network, change: { key: name, value: bytes(1) } });
    await storage.facts.once('secret', () => bytes(1));
    await opened.pop()?.close();
    const db = new Sqlite(path);
    db.exec(`UPDATE adapter_state SET sealed = (SELECT sealed FROM adapter_state WHERE key = 'a')
             WHERE key = 'b'`);
    db.close();
    const again = await open(path);
    expect(await again.state.get(network, undefined, 'a')).toEqual(bytes(1));
    await expect(again.state.get(network, undefined, 'b')).rejects.toThrow(/moved there/);
    await opened.pop()?.close();
    const other = await open(path, new Uint8Array(32).fill(8));
    await expect(other.state.get(network, undefined, 'a')).rejects.toThrow(/give the key/);
    await expect(other.facts.once('secret', () => bytes(2))).rejects.toThrow(/give the key/);
  });

  it('finds its way among ten thousand rows that are done', async () => {
    const storage = await open(file());
    const portal = await linkPortal(storage);
    await makeBegun(storage, portal.id, { id: 'first', keys: ['k'] });
    for (let n = 0; n < 10; n++) {
      const ids = Array.from({ length: 1000 }, (_, i) => `${n}-${i}`);
      const done = ids.map((id) => ({ kind: 'deliveries', of: `$${id}`, portals: [] }) as const);
      await written(storage, matrixEvents(...ids), ...done);
    }
    const { id } = await makeDelivery(storage, portal.id, 'last');
    const waiting = await storage.journal.head(portal.id, 9);
    expect(waiting.map(({ eventId }) => eventId)).toEqual(['$first', '$last']);
    await written(storage, matrixEvents('5-500'), ended(id, 'delivered'));
    expect(await storage.journal.pending()).toMatchObject({ rooms: [], portals: [portal.id] });
    expect(await storage.repairs.queue(9)).toHaveLength(1);
  });
});
