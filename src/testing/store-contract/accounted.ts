import { expect, it } from 'vitest';
import type { FoundEvent, Write } from '../../ports/journal.ts';
import type { Storage } from '../../ports/store.ts';
import {
  linkPortal,
  makeDelivery,
  matrixEvents,
  matrixEventsIn,
  type Open,
  waitingEvents,
  written,
} from './fixtures.ts';

const missed = (id: string, over: Partial<FoundEvent['missed']> = {}): FoundEvent => ({
  id: `$${id}`,
  missed: { json: '{}', late: false, lastPortal: 99, ...over },
});
const waits = (id: string): FoundEvent => ({ id: `$${id}` });

const placeOf = async (storage: Storage) => (await storage.journal.accounted('!room')).place;

async function catchUp(
  storage: Storage,
  events: readonly FoundEvent[],
  over: Partial<Extract<Write, { kind: 'caught-up' }>> = {},
): Promise<void> {
  const at = { roomId: '!room', atMs: 2000, place: await placeOf(storage), upTo: '$z' } as const;
  await written(storage, {
    ...{ kind: 'caught-up', portals: [], seen: [at.upTo], events },
    ...{ ...at, ...over },
  });
}

export function accountedContract(open: Open): void {
  orderContract(open);
  placeContract(open);
  seenContract(open);
}

function orderContract(open: Open): void {
  it('puts what was missed among what waits, in the order of the room', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('old', 'b', 'd'));
    await catchUp(storage, [missed('a'), waits('b'), missed('c'), waits('d')]);
    await open.reopen();
    const all = ['$old', '$a', '$b', '$c', '$d'];
    expect(await waitingEvents(open.storage)).toEqual(all);
    expect((await open.storage.journal.pending()).rooms).toEqual(['!room']);
  });

  it('keeps behind it what came since the look began, and takes nothing twice', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('b'));
    const place = await placeOf(storage);
    await written(storage, matrixEvents('e', 'c'), matrixEventsIn('!other', 'x'));
    const late = { late: true };
    await catchUp(storage, [missed('a'), waits('b'), missed('c', late), missed('d')], { place });
    expect(await waitingEvents(storage)).toEqual(['$a', '$b', '$c', '$d', '$e']);
    expect(await waitingEvents(storage, '!other')).toEqual(['$x']);
    // It was pushed after all, so it is neither missed nor late.
    const [, , pushed] = await storage.journal.roomHead('!room', 9);
    expect(pushed).toEqual(expect.not.objectContaining({ late: true }));
    expect(pushed).toMatchObject({ id: '$c', receivedAtMs: 1000 });
  });

  it('leaves alone what was worked already', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    await makeDelivery(storage, portal.id, 'b');
    await catchUp(storage, [missed('a'), waits('b')]);
    expect(await waitingEvents(storage)).toEqual(['$a']);
    expect(await storage.journal.head(portal.id, 9)).toMatchObject([{ eventId: '$b' }]);
  });

  it('remembers for whom something missed is, and that it is late', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    await catchUp(storage, [missed('a', { late: true, lastPortal: 7 }), missed('b')]);
    const [a, b] = await storage.journal.roomHead('!room', 9);
    expect(a).toMatchObject({ late: true, lastPortal: 7, receivedAtMs: 2000 });
    expect(b).not.toHaveProperty('late');
    for (const of of ['$a', '$b'] as const)
      await written(storage, { kind: 'deliveries', of, portals: [portal.id] });
    const [first, second] = await storage.journal.head(portal.id, 9);
    expect(first).toMatchObject({ eventId: '$a', late: true });
    expect(second).not.toHaveProperty('late');
    expect(await storage.journal.delivery(first?.id ?? 0)).toMatchObject({ late: true });
  });
}

function seenContract(open: Open): void {
  it('remembers what the last look has seen of a room, and which portals it had then', async () => {
    const { storage } = open;
    expect((await storage.journal.accounted('!room')).seen).toBeUndefined();
    await catchUp(storage, [], { seen: ['$b', '$a'], portals: [3, 7] });
    await catchUp(storage, [], { seen: ['$c', '$b'], portals: [3, 9, 7] });
    await open.reopen();
    const { accounted } = open.storage.journal;
    expect((await accounted('!room')).seen).toEqual({ ids: new Set(['$c', '$b']), lastPortal: 9 });
    expect((await accounted('!other')).seen).toBeUndefined();
  });
}

function placeContract(open: Open): void {
  it('knows what an event is: waiting, worked, or never heard of', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('a', 'b'));
    await written(storage, { kind: 'deliveries', of: '$a', portals: [] });
    const { known } = storage.journal;
    const [a, b] = [await known('$a'), await known('$b')];
    expect(a?.waits).toBe(false);
    expect(b?.waits).toBe(true);
    expect(b?.place).toBeGreaterThan(a?.place ?? 0);
    expect(b?.place).toBe(await placeOf(storage));
    expect(await known('$never')).toBeUndefined();
  });

  it('counts as accounted for what a link begins behind', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('a', 'b'));
    const one = await linkPortal(storage);
    const plain = { ...one, chat: 'other' } as never;
    const two = await storage.portals.link(plain, { upTo: '$new', place: 1 });
    const place = await placeOf(storage);
    await open.reopen();
    const { portals } = await open.storage.journal.accounted('!room');
    expect(portals).toEqual([
      { portal: one.id, place, atMs: expect.any(Number) },
      { portal: two.id, place: 1, upTo: '$new', atMs: expect.any(Number) },
    ]);
    // A link that is there stays as it is.
    await open.storage.portals.link(plain, { upTo: '$newer', place: 2 });
    expect((await open.storage.journal.accounted('!room')).portals).toEqual(portals);
  });

  it('accounts for the room of the portals that are named, and of no other', async () => {
    const { storage } = open;
    const one = await linkPortal(storage);
    const two = await linkPortal(storage, { network: 'other' });
    const before = (await storage.journal.accounted('!room')).portals;
    await catchUp(storage, [], { portals: [one.id], place: 5, upTo: '$u' });
    expect((await storage.journal.accounted('!room')).portals).toEqual([
      { portal: one.id, place: 5, upTo: '$u', atMs: 2000 },
      before.find(({ portal }) => portal === two.id),
    ]);
  });

  it('has nothing to account for in a room that is encrypted, or not linked any more', async () => {
    const { storage } = open;
    const { id } = await linkPortal(storage);
    await linkPortal(storage, { roomId: '!other' });
    await storage.portals.unlink(id);
    await storage.portals.markEncrypted('!other');
    for (const roomId of ['!room', '!other'] as const)
      expect((await storage.journal.accounted(roomId)).portals).toEqual([]);
  });

  it('tells from which rooms anything was heard, the last one first', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('a'), matrixEventsIn('!x', 'b'), matrixEventsIn('!y', 'c'));
    await written(storage, matrixEvents('d'));
    expect(await storage.journal.heardLately()).toEqual(['!room', '!y', '!x']);
  });

  it('gives all portals, some at a time', async () => {
    const { storage } = open;
    const all: number[] = [];
    for (let n = 0; n < 450; n++)
      all.push((await linkPortal(storage, { roomId: `!r${n}` as const })).id);
    await storage.portals.unlink(all.shift() ?? 0);
    const found: number[] = [];
    for (;;) {
      const some = await storage.portals.after(found.at(-1) ?? 0);
      if (some.length === 0) break;
      expect(some.length).toBeLessThanOrEqual(200);
      found.push(...some.map(({ id }) => id));
    }
    expect(found).toEqual(all);
  });
}
