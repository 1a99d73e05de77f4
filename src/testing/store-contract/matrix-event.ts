import { expect, it } from 'vitest';
import {
  ended,
  linkPortal,
  makeDelivery,
  matrixEvents,
  matrixEventsIn,
  type Open,
  waitingDeliveries,
  waitingEvents,
  written,
} from './fixtures.ts';

export function matrixEventContract(open: Open): void {
  it('hands them out room by room, oldest first, and no more than asked for', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('a', 'b'), matrixEventsIn('!other', 'x'));
    await written(storage, matrixEvents('c'));
    expect(await waitingEvents(storage)).toEqual(['$a', '$b', '$c']);
    expect(await storage.journal.roomHead('!room', 2)).toHaveLength(2);
    expect(await storage.journal.roomHead('!other', 9)).toEqual([
      { id: '$x', roomId: '!other', json: expect.stringContaining('$x'), receivedAtMs: 1000 },
    ]);
  });

  it('skips one that it ever had before, in one commit, in the next, and once it is done', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('a', 'a'));
    await written(storage, matrixEvents('a', 'b'));
    expect(await waitingEvents(storage)).toEqual(['$a', '$b']);
    const portal = await linkPortal(storage);
    const delivery = await makeDelivery(storage, portal.id, 'c');
    await written(storage, ended(delivery.id, 'delivered'));
    await open.reopen();
    await written(open.storage, matrixEvents('c'));
    expect(await waitingEvents(open.storage)).toEqual(['$a', '$b']);
    expect(await waitingDeliveries(open.storage, portal.id)).toEqual([]);
  });

  it('knows when one came for the first time, for good', async () => {
    const { storage } = open;
    await written(storage, { ...matrixEvents('a'), atMs: 7 } as ReturnType<typeof matrixEvents>);
    await written(storage, matrixEvents('a'));
    await written(storage, { kind: 'deliveries', of: '$a', portals: [] });
    expect(await storage.journal.receivedAtMs('$a')).toBe(7);
    expect(await storage.journal.receivedAtMs('$never')).toBeUndefined();
  });

  it('makes one delivery per portal, and lets the event out of its room lane', async () => {
    const { storage } = open;
    const here = await linkPortal(storage);
    const there = await linkPortal(storage, { network: 'other' });
    await written(storage, matrixEvents('a', 'b'));
    await written(storage, { kind: 'deliveries', of: '$a', portals: [here.id, there.id] });
    expect(await waitingEvents(storage)).toEqual(['$b']);
    expect(await waitingDeliveries(storage, here.id)).toEqual(['$a']);
    expect(await waitingDeliveries(storage, there.id)).toEqual(['$a']);
  });

  it('forgets one that is for no network', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('a'));
    await written(storage, { kind: 'deliveries', of: '$a', portals: [] });
    expect(await waitingEvents(storage)).toEqual([]);
    expect(await storage.repairs.deadLetters(9)).toEqual([]);
  });

  it('takes a poison one out of its room lane, so that the next is the head', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('a', 'b'));
    await written(storage, { kind: 'poison', of: '$a', reason: 'no handler survives it' });
    expect(await waitingEvents(storage)).toEqual(['$b']);
  });

  it('names the rooms that have work, each once', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('a', 'b', 'c'), matrixEventsIn('!other', 'x', 'y'));
    expect((await storage.journal.pending()).rooms.toSorted()).toEqual(['!other', '!room']);
    for (const of of ['$x', '$y'] as const)
      await written(storage, { kind: 'deliveries', of, portals: [] });
    expect((await storage.journal.pending()).rooms).toEqual(['!room']);
  });
}
