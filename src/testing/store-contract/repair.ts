import { expect, it } from 'vitest';
import { remoteChatId } from '../../model/remote-ids.ts';
import {
  bytes,
  chat,
  ended,
  linkPortal,
  makeBegun,
  makeDelivery,
  makeRemoteDelivery,
  matrixEvents,
  must,
  network,
  type Open,
  partSent,
  remoteEvents,
  said,
  waitingDeliveries,
  waitingEvents,
  written,
} from './fixtures.ts';

export function repairContract(open: Open): void {
  queueContract(open);
  amountContract(open);
  waitingContract(open);
  retryContract(open);
  forgetContract(open);
}

function queueContract(open: Open): void {
  it('shows what waits, oldest first, without a word of what was said', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const place = { roomId: '!room', network, chat };
    const delivery = await makeBegun(storage, portal.id, { id: 'a', keys: ['k'] });
    const remote = await makeRemoteDelivery(storage, portal.id, said('m'));
    await written(storage, { ...matrixEvents('b'), atMs: 1 } as ReturnType<typeof matrixEvents>);
    const elsewhere = remoteChatId('#elsewhere');
    const early = { ...remoteEvents(said('n', { chat: elsewhere })), atMs: 2000 };
    await written(storage, early as ReturnType<typeof remoteEvents>);
    expect(await storage.repairs.queue(9)).toEqual([
      { id: expect.stringMatching(/^e\d+$/), receivedAtMs: 1, roomId: '!room', inDoubt: false },
      { id: `d${delivery}`, receivedAtMs: 1000, ...place, inDoubt: true },
      { id: `r${remote.id}`, receivedAtMs: 1000, ...place, inDoubt: false },
      {
        id: expect.stringMatching(/^c\d+$/),
        receivedAtMs: 2000,
        network,
        chat: elsewhere,
        inDoubt: false,
      },
    ]);
    expect(await storage.repairs.queue(2)).toHaveLength(2);
  });

  it('shows dead letters of every kind, oldest first, with why', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const place = { roomId: '!room', network, chat };
    const delivery = await makeDelivery(storage, portal.id, 'a');
    await written(storage, ended(delivery.id, 'failed', { reason: 'banned', atMs: 3 }));
    const remote = await makeRemoteDelivery(storage, portal.id, said('m'));
    await written(storage, {
      kind: 'remote-ended',
      delivery: remote.id,
      as: 'failed',
      atMs: 2,
      reason: 'refused',
    });
    await written(storage, { kind: 'kept-aside', atMs: 1, bytes: bytes(1), reason: 'no JSON' });
    await written(storage, matrixEvents('b'), { kind: 'poison', of: '$b', reason: 'throws' });
    const letters = await storage.repairs.deadLetters(9);
    const aside = { id: expect.stringMatching(/^a\d+$/), receivedAtMs: 1 };
    const dead = { receivedAtMs: 1000, ...place, outcome: 'failed' };
    expect(letters.slice(0, 3)).toEqual([
      { ...aside, outcome: 'unreadable', reason: 'no JSON', endedAtMs: 1 },
      { id: `r${remote.id}`, ...dead, reason: 'refused', endedAtMs: 2 },
      { id: `d${delivery.id}`, ...dead, reason: 'banned', endedAtMs: 3 },
    ]);
    expect(letters[3]).toMatchObject({ roomId: '!room', outcome: 'poison', reason: 'throws' });
    expect(await storage.repairs.deadLetters(1)).toHaveLength(1);
  });
}

function amountContract(open: Open): void {
  it('counts what waits and what is dead, by network and by way', async () => {
    const { storage } = open;
    expect(await storage.repairs.amounts()).toEqual([]);
    const portal = await linkPortal(storage);
    const other = await linkPortal(storage, { network: 'other', roomId: '!other' });
    for (const id of ['a', 'b', 'c', 'd']) await makeDelivery(storage, portal.id, id);
    const [a, b] = await storage.journal.head(portal.id, 9);
    await written(storage, ended(must(a).id, 'failed'), ended(must(b).id, 'delivered'));
    await makeDelivery(storage, other.id, 'e');
    const { id } = await makeRemoteDelivery(storage, portal.id, said('m'));
    await written(storage, { kind: 'remote-ended', delivery: id, as: 'failed', atMs: 1 });
    const toNetwork = { direction: 'to_network', oldestAtMs: 1000 };
    const amounts = await storage.repairs.amounts();
    expect(amounts).toHaveLength(3);
    expect(amounts).toEqual(
      expect.arrayContaining([
        { ...toNetwork, network, waiting: 2, dead: 1 },
        { ...toNetwork, network: 'other', waiting: 1, dead: 0 },
        { network, direction: 'to_matrix', waiting: 0, dead: 1 },
      ]),
    );
  });
}

function waitingContract(open: Open): void {
  it('counts what waits of one person, by network', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const other = await linkPortal(storage, { network: 'other', roomId: '!other' });
    for (const id of ['a', 'b', 'c']) await makeDelivery(storage, portal.id, id);
    await makeDelivery(storage, other.id, 'd');
    const [a] = await storage.journal.head(portal.id, 9);
    await written(storage, ended(must(a).id, 'failed'));
    const sender = must(await storage.journal.senderOf('$b'));
    expect(await storage.repairs.waitingOf(sender)).toEqual([
      { network, waiting: 2 },
      { network: 'other', waiting: 1 },
    ]);
    expect(await storage.repairs.waitingOf('@nobody:x')).toEqual([]);
  });
}

function retryContract(open: Open): void {
  it('puts a delivery back at its old place, to be begun anew', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const id = await makeBegun(storage, portal.id, { id: 'a', keys: ['k'] });
    await written(storage, ended(id, 'unknown'));
    await makeDelivery(storage, portal.id, 'b');
    expect(await storage.repairs.retry(`d${id}`)).toBe(true);
    expect(await waitingDeliveries(storage, portal.id)).toEqual(['$a', '$b']);
    const again = await storage.journal.delivery(id);
    expect(again).not.toHaveProperty('begun');
    // What it waited before does not count against it.
    expect(again?.waitsSinceMs).toBeGreaterThan(again?.receivedAtMs ?? 0);
    expect(await storage.repairs.retry(`d${id}`)).toBe(false);
  });

  it('does not send again what was sent of it', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const id = await makeBegun(storage, portal.id, { id: 'a', keys: ['k0', 'k1'] });
    await written(storage, partSent(id, 0, 'm'), ended(id, 'unknown'));
    await storage.repairs.retry(`d${id}`);
    const again = await storage.journal.delivery(id);
    expect(again?.begun?.inDoubt).toBe(false);
    expect(again?.begun?.parts).toEqual([
      { key: 'k0', wire: bytes(0), ids: ['m'] },
      { key: 'k1', wire: bytes(1) },
    ]);
  });

  it('puts a poison event back at its old place', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('a', 'b'), { kind: 'poison', of: '$a', reason: 'x' });
    const [letter] = await storage.repairs.deadLetters(1);
    expect(await storage.repairs.retry(letter?.id ?? '')).toBe(true);
    expect(await waitingEvents(storage)).toEqual(['$a', '$b']);
    expect(await storage.repairs.deadLetters(1)).toEqual([]);
  });

  it('puts a delivery to Matrix back at its old place', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const { id } = await makeRemoteDelivery(storage, portal.id, said('m'));
    await makeRemoteDelivery(storage, portal.id, said('n'));
    await written(storage, { kind: 'remote-ended', delivery: id, as: 'failed', atMs: 1 });
    expect(await storage.journal.remoteHead(portal.id, 9)).toHaveLength(1);
    expect(await storage.repairs.retry(`r${id}`)).toBe(true);
    const waiting = await storage.journal.remoteHead(portal.id, 9);
    expect(waiting.map(({ event }) => event)).toEqual([said('m'), said('n')]);
  });

  it('refuses where the link is no more', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const { id } = await makeDelivery(storage, portal.id, 'a');
    await storage.portals.unlink(portal.id);
    await expect(storage.repairs.retry(`d${id}`)).rejects.toThrow('discard');
    expect(await storage.repairs.deadLetters(9)).toHaveLength(1);
  });

  it.each(['d404', 'e404', 'r404', 'a404', 'c404', 'x1', '', 'd1; DROP TABLE'])(
    'knows no dead letter %j',
    async (id) => {
      expect(await open.storage.repairs.retry(id)).toBe(false);
      expect(await open.storage.repairs.discard(id)).toBe(false);
    },
  );

  it('cannot retry bytes that nobody can read', async () => {
    const { storage } = open;
    await written(storage, { kind: 'kept-aside', atMs: 1, bytes: bytes(1), reason: 'x' });
    const [letter] = await storage.repairs.deadLetters(1);
    expect(await storage.repairs.retry(letter?.id ?? '')).toBe(false);
    expect(await storage.repairs.discard(letter?.id ?? '')).toBe(true);
  });
}

function forgetContract(open: Open): void {
  /** One of each kind, all ended before 10. */
  async function makeDead(): Promise<number> {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const id = await makeBegun(storage, portal.id, { id: 'a', keys: ['k'] });
    await written(storage, ended(id, 'unknown', { atMs: 5 }));
    const remote = await makeRemoteDelivery(storage, portal.id, said('m', { key: '1' }));
    await written(storage, { kind: 'remote-ended', delivery: remote.id, as: 'failed', atMs: 6 });
    await written(storage, { kind: 'kept-aside', atMs: 7, bytes: bytes(1), reason: 'x' });
    return id;
  }

  it('forgets a dead letter for good, but not that it came', async () => {
    const delivery = await makeDead();
    const { storage } = open;
    for (const { id } of await storage.repairs.deadLetters(9)) {
      expect(await storage.repairs.discard(id)).toBe(true);
      expect(await storage.repairs.discard(id)).toBe(false);
    }
    expect(await storage.repairs.deadLetters(9)).toEqual([]);
    expect(await storage.journal.delivery(delivery)).toBeUndefined();
    await written(storage, matrixEvents('a'), remoteEvents(said('m', { key: '1' })));
    expect(await storage.journal.pending()).toMatchObject({ rooms: [], chats: [] });
  });

  it('forgets those that ended before a time, and no others', async () => {
    await makeDead();
    const { storage } = open;
    expect(await storage.repairs.expire(5)).toBe(0);
    expect(await storage.repairs.expire(7)).toBe(2);
    expect(await storage.repairs.deadLetters(9)).toMatchObject([{ outcome: 'unreadable' }]);
    expect(await storage.repairs.expire(8)).toBe(1);
  });

  it('discards poison', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('a'), { kind: 'poison', of: '$a', reason: 'x' });
    expect(await storage.repairs.expire(Number.MAX_SAFE_INTEGER)).toBe(1);
    expect(await storage.repairs.deadLetters(9)).toEqual([]);
    expect(await waitingEvents(storage)).toEqual([]);
  });

  it('keeps the words for the other portals of a discarded one', async () => {
    const { storage } = open;
    const here = await linkPortal(storage);
    const there = await linkPortal(storage, { network: 'other' });
    await written(storage, matrixEvents('a'));
    await written(storage, { kind: 'deliveries', of: '$a', portals: [here.id, there.id] });
    const [first] = await storage.journal.head(here.id, 1);
    await written(storage, ended(first?.id ?? 0, 'failed'));
    await storage.repairs.discard(`d${first?.id}`);
    const [second] = await storage.journal.head(there.id, 1);
    expect(second?.json).toContain('@ann:example.org');
  });
}
