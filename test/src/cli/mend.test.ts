import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MatrixEventId, MatrixRoomId } from '../../../src/model/matrix-ids.ts';
import { remoteChatId } from '../../../src/model/remote-ids.ts';
import { loadOrCreateKey } from '../../../src/store/key-file.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { folderWith, smallest } from '../config/fixture.ts';
import { run } from './fixture.ts';

const roomId: MatrixRoomId = '!room:example.org';
const eventId: MatrixEventId = '$one';

/** A bridge's folder, with one message that waits for a network. The storage stays open, as if it ran. */
async function withOneWaiting() {
  const folder = await folderWith({ 'config.yaml': smallest });
  await mkdir(join(folder, 'data'));
  const key = loadOrCreateKey(join(folder, 'data', 'storage.key'));
  const storage = await openStorage({ path: join(folder, 'data', 'drawbridge.db'), key });
  const portal = await storage.portals.link({
    network: 'chat',
    chat: remoteChatId('#general'),
    roomId,
    ownsRoom: true,
    origin: 'config',
  });
  await storage.journal.commit([
    { kind: 'matrix-events', atMs: Date.now(), events: [{ id: eventId, roomId, json: '{}' }] },
    { kind: 'deliveries', of: eventId, portals: [portal.id] },
  ]);
  const [delivery] = await storage.journal.head(portal.id, 1);
  const fail = () =>
    storage.journal.commit([
      {
        kind: 'ended',
        delivery: delivery?.id ?? 0,
        as: 'failed',
        atMs: Date.now(),
        reason: 'not_allowed',
      },
    ]);
  return { folder, storage, portal, id: `d${delivery?.id}`, fail };
}

describe('drawbridge queue', () => {
  it('lists what waits while the bridge has the database open', async () => {
    const { folder, storage, id } = await withOneWaiting();

    const { code, out } = await run(folder, ['queue']);
    await storage.close();

    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^ID +WAITS +NETWORK +CHAT +ROOM +IN DOUBT$/),
      expect.stringMatching(new RegExp(`^${id} +\\ds +chat +#general +${roomId}$`)),
    ]);
  });

  it('prints the same for programs', async () => {
    const { folder, storage, id } = await withOneWaiting();
    await storage.close();

    const { out } = await run(folder, ['queue', '--json']);

    expect(JSON.parse(out)).toMatchObject([{ id, network: 'chat', chat: '#general', roomId }]);
  });

  it('says that no bridge has run yet, and makes no database', async () => {
    const folder = await folderWith({ 'config.yaml': smallest });

    const first = await run(folder, ['queue']);
    const second = await run(folder, ['queue']);

    expect(first.code).toBe(2);
    expect(first.err).toContain('no bridge has run with this config yet');
    expect(second).toEqual(first);
  });

  it('refuses a limit that is no number', async () => {
    const { folder, storage } = await withOneWaiting();
    await storage.close();

    expect(await run(folder, ['queue', '--limit', 'many'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--limit takes a whole number'),
    });
  });
});

describe('drawbridge retry', () => {
  it('puts a dead letter back, so that a bridge that runs finds it', async () => {
    const { folder, storage, portal, id, fail } = await withOneWaiting();
    await fail();
    await storage.journal.changedUnseen();

    const listed = await run(folder, ['dead-letters']);
    const retried = await run(folder, ['retry', id]);

    expect(listed.out).toMatch(new RegExp(`${id} +0s ago +failed +chat .*not_allowed`));
    expect(retried).toMatchObject({ code: 0, out: expect.stringContaining('back in its place') });
    expect(await storage.journal.changedUnseen()).toBe(true);
    expect(await storage.journal.head(portal.id, 10)).toHaveLength(1);
    await storage.close();
  });

  it('ends with 1 when there is no such dead letter', async () => {
    const { folder, storage } = await withOneWaiting();
    await storage.close();

    expect(await run(folder, ['retry', 'd999'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('`drawbridge dead-letters` lists them'),
    });
  });

  it('ends with 2 when it is not told which', async () => {
    expect(await run('.', ['retry'])).toMatchObject({ code: 2 });
  });
});

describe('drawbridge discard', () => {
  it('forgets a dead letter', async () => {
    const { folder, storage, id, fail } = await withOneWaiting();
    await fail();

    const { code } = await run(folder, ['discard', id]);

    expect(code).toBe(0);
    expect(await storage.repairs.deadLetters(10)).toEqual([]);
    await storage.close();
  });
});

describe('commands on the storage', () => {
  it('never make a new key beside an old database', async () => {
    const { folder, storage } = await withOneWaiting();
    await storage.close();
    await rm(join(folder, 'data', 'storage.key'));

    const { code, err } = await run(folder, ['queue']);

    expect(code).toBe(2);
    expect(err).toMatch(/storage\.key is missing: restore it from a backup/);
    expect(await readdir(join(folder, 'data'))).not.toContain('storage.key');
  });
});
