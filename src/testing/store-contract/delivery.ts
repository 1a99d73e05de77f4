import { expect, it } from 'vitest';
import type { MatrixUserId } from '../../model/matrix-ids.ts';
import {
  begun,
  bytes,
  ended,
  linkPortal,
  makeBegun,
  makeDelivery,
  must,
  type Open,
  partSent,
  voice,
  waitingDeliveries,
  written,
} from './fixtures.ts';

export function deliveryContract(open: Open): void {
  laneContract(open);
  partContract(open);
  doubtContract(open);
  owedContract(open);
}

function laneContract(open: Open): void {
  it('hands them out portal by portal, oldest first, from a place on', async () => {
    const { storage } = open;
    const { id: portal } = await linkPortal(storage);
    const { id: other } = await linkPortal(storage, { network: 'other' });
    const first = await makeDelivery(storage, portal, 'a');
    await makeDelivery(storage, other, 'x');
    await makeDelivery(storage, portal, 'b');
    await makeDelivery(storage, portal, 'c');
    const { journal } = storage;
    expect(await waitingDeliveries(storage, portal)).toEqual(['$a', '$b', '$c']);
    expect((await journal.head(portal, 2)).map((d) => d.eventId)).toEqual(['$a', '$b']);
    expect((await journal.head(portal, 2, first.id)).map((d) => d.eventId)).toEqual(['$b', '$c']);
    expect((await journal.pending()).portals.toSorted()).toEqual([portal, other].toSorted());
  });

  it('leaves out what those have sent who are not asked for', async () => {
    const { id: portal } = await linkPortal(open.storage);
    const first = await makeDelivery(open.storage, portal, 'a');
    await makeDelivery(open.storage, portal, 'b');
    const { journal } = open.storage;
    const read = async (...notOf: MatrixUserId[]) =>
      (await journal.head(portal, 10, first.id, notOf)).map((d) => d.eventId);
    expect(await read('@bob:example.org')).toEqual(['$b']);
    expect(await read('@bob:example.org', '@ann:example.org')).toEqual([]);
  });

  it('says nothing of a beginning before there was one', async () => {
    const portal = await linkPortal(open.storage);
    expect(await makeDelivery(open.storage, portal.id, 'a')).toEqual({
      id: expect.any(Number),
      portal: portal.id,
      eventId: '$a',
      json: expect.stringContaining('@ann:example.org'),
      receivedAtMs: 1000,
      waitsSinceMs: 1000,
    });
  });

  it('remembers how it was begun: in doubt, with its parts as bytes', async () => {
    const portal = await linkPortal(open.storage);
    const id = await makeBegun(open.storage, portal.id, { id: 'a', keys: ['k0', 'k1'] });
    await open.reopen();
    const parts = [
      { key: 'k0', wire: bytes(0) },
      { key: 'k1', wire: bytes(1) },
    ];
    const delivery = must(await open.storage.journal.delivery(id));
    expect(delivery.begun).toEqual({ voice, inDoubt: true, atMs: 2000, parts });
    expect(await open.storage.journal.head(portal.id, 9)).toEqual([delivery]);
  });

  it('takes a part without bytes, and a delivery without parts', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const { id } = await makeDelivery(storage, portal.id, 'a');
    const parts = [{ key: 'k', wire: null }];
    await written(storage, { kind: 'begun', delivery: id, voice, atMs: 1, parts });
    expect((await storage.journal.delivery(id))?.begun?.parts).toEqual(parts);
    const none = await makeBegun(storage, portal.id, { id: 'b', keys: [] });
    expect((await storage.journal.delivery(none))?.begun?.parts).toEqual([]);
    await written(storage, ended(none, 'delivered'));
  });
}

function partContract(open: Open): void {
  it('clears the doubt, and sets it again', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const delivery = await makeBegun(storage, portal.id, { id: 'a', keys: ['k'] });
    for (const is of [false, true]) {
      await written(storage, { kind: 'doubt', delivery, is });
      expect((await storage.journal.delivery(delivery))?.begun?.inDoubt).toBe(is);
    }
  });

  it('knows the ids of a part that was sent, also when there were none', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const id = await makeBegun(storage, portal.id, { id: 'a', keys: ['k0', 'k1', 'k2'] });
    await written(storage, partSent(id, 0, 'm1', 'm2'), partSent(id, 1));
    const parts = (await storage.journal.delivery(id))?.begun?.parts ?? [];
    expect(parts.map(({ ids }) => ids)).toEqual([['m1', 'm2'], [], undefined]);
  });

  it('replaces what was not sent when it is begun again, and nothing else', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const id = await makeBegun(storage, portal.id, { id: 'a', keys: ['k0', 'k1', 'k2'] });
    await written(storage, partSent(id, 0, 'm1'), { kind: 'doubt', delivery: id, is: false });
    const parts = [10, 11].map((value, index) => ({ key: `k${index}`, wire: bytes(value) }));
    await written(storage, { ...begun(id), parts } as ReturnType<typeof begun>);
    const now = (await storage.journal.delivery(id))?.begun;
    expect(now?.inDoubt).toBe(true);
    expect(now?.parts).toEqual([
      { key: 'k0', wire: bytes(0), ids: ['m1'] },
      { key: 'k1', wire: bytes(11) },
    ]);
  });

  it('has failed at once, and says so, where its portal is gone', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    await storage.portals.unlink(portal.id);
    await expect(makeDelivery(storage, portal.id, 'a')).rejects.toThrow();
    expect((await storage.journal.pending()).portals).toEqual([]);
    expect(await storage.journal.notices('!room', 9)).toMatchObject([{ outcome: 'failed' }]);
  });
}

function doubtContract(open: Open): void {
  it('tells whether anything is in doubt that was begun by then, portal by portal', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const other = await linkPortal(storage, { network: 'other' });
    const hasDoubt = (begunByMs: number, of = portal) => storage.journal.hasDoubt(of.id, begunByMs);
    await makeDelivery(storage, portal.id, 'waits');
    expect(await hasDoubt(9000)).toBe(false);
    const delivery = await makeBegun(storage, portal.id, { id: 'a', keys: ['k'] });
    expect(await hasDoubt(1999)).toBe(false);
    expect(await hasDoubt(2000)).toBe(true);
    expect(await hasDoubt(9000, other)).toBe(false);
    await written(storage, { kind: 'doubt', delivery, is: false });
    expect(await hasDoubt(9000)).toBe(false);
    await written(storage, { kind: 'doubt', delivery, is: true });
    expect(await hasDoubt(9000)).toBe(true);
    await written(storage, ended(delivery, 'unknown'));
    expect(await hasDoubt(9000)).toBe(false);
  });
}

function owedContract(open: Open): void {
  it('knows what a network is still owed, portal by portal, until it is forgotten', async () => {
    const { storage } = open;
    const here = await linkPortal(storage);
    const there = await linkPortal(storage, { network: 'other' });
    const { id } = await makeDelivery(storage, here.id, 'a');
    const owed = async () => storage.journal.owed(here.id, '$a');
    expect(await owed()).toBe('waiting');
    expect(await storage.journal.owed(there.id, '$a')).toBeUndefined();
    expect(await storage.journal.owed(here.id, '$unheard')).toBeUndefined();
    for (const as of ['failed', 'unknown'] as const) {
      await written(storage, ended(id, as));
      expect(await owed()).toBe(as);
      await storage.repairs.retry(`d${id}`);
      expect(await owed()).toBe('waiting');
    }
    await written(storage, ended(id, 'delivered'));
    expect(await owed()).toBeUndefined();
    const other = await makeDelivery(storage, here.id, 'b');
    await written(storage, ended(other.id, 'unknown'));
    await storage.repairs.discard(`d${other.id}`);
    expect(await storage.journal.owed(here.id, '$b')).toBeUndefined();
  });
}
