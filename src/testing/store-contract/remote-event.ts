import { expect, it } from 'vitest';
import { remoteChatId, type VoiceId } from '../../model/remote-ids.ts';
import {
  chat,
  linkPortal,
  makeRemoteDelivery,
  must,
  network,
  type Open,
  remoteEvents,
  said,
  waitingForPortals,
  waitingIn,
  waitingMessages,
  written,
} from './fixtures.ts';

const receiver = 'ann' as VoiceId;

export function remoteEventContract(open: Open): void {
  chatLanes(open);
  remoteDeliveries(open);
  whatIsKnown(open);
}

function chatLanes(open: Open): void {
  it('hands them out chat by chat, oldest first, as they were', async () => {
    const { storage } = open;
    const event = said('a', { body: { text: 'ü', media: [] }, replyTo: 'x' as never });
    await written(storage, remoteEvents(event, said('x', { chat: remoteChatId('#other') })));
    await written(storage, remoteEvents(said('b')));
    expect(await waitingMessages(storage)).toEqual(['a', 'b']);
    const rows = await storage.journal.chatHead(network, { chat }, 1);
    expect(rows).toEqual([{ seq: expect.any(Number), network, event, receivedAtMs: 1000 }]);
    expect(await storage.journal.chatHead('other', { chat }, 9)).toEqual([]);
  });

  it('skips a key that its view has seen before, for good', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const delivery = await makeRemoteDelivery(storage, portal.id, said('a', { key: 'k' }));
    await written(storage, {
      kind: 'remote-ended',
      delivery: delivery.id,
      as: 'delivered',
      atMs: 1,
    });
    await open.reopen();
    await written(open.storage, remoteEvents(said('a', { key: 'k' }), said('b', { key: 'l' })));
    await written(open.storage, remoteEvents(said('b', { key: 'l' })));
    expect(await waitingMessages(open.storage)).toEqual(['b']);
  });

  it('takes the same key in another view, and what has no key each time', async () => {
    const { storage } = open;
    await written(
      storage,
      remoteEvents(said('a', { key: 'k' }), said('a', { key: 'k', receiver })),
    );
    await written(storage, { ...remoteEvents(said('a', { key: 'k' })), network: 'other' } as never);
    await written(storage, remoteEvents(said('b'), said('b')));
    expect(await waitingMessages(storage)).toEqual(['a', 'b', 'b']);
    expect(await storage.journal.chatHead(network, { chat, receiver }, 9)).toHaveLength(1);
    expect(await storage.journal.chatHead('other', { chat }, 9)).toHaveLength(1);
  });
}

function remoteDeliveries(open: Open): void {
  it('are one for each portal of the chat, which keep their order', async () => {
    const { storage } = open;
    const here = await linkPortal(storage);
    const there = await linkPortal(storage, { roomId: '!other' });
    await written(storage, remoteEvents(said('a'), said('b')));
    expect(await waitingForPortals(storage)).toEqual([]);
    const rows = await storage.journal.remoteHead(here.id, 9);
    expect(rows.map(({ event }) => event)).toEqual([said('a'), said('b')]);
    expect(rows[0]).toMatchObject({ portal: here.id, network, receivedAtMs: 1000 });
    expect(await storage.journal.remoteHead(here.id, 9, rows[0]?.id)).toEqual([rows[1]]);
    const [first] = await storage.journal.remoteHead(there.id, 1);
    expect(first).toMatchObject({ portal: there.id, event: said('a'), seq: rows[0]?.seq });
  });

  it('wait for one that came before the chat had a portal', async () => {
    const { storage } = open;
    await written(storage, remoteEvents(said('a'), said('b')));
    const here = await linkPortal(storage);
    const there = await linkPortal(storage, { roomId: '!other' });
    await written(storage, remoteEvents(said('c')));
    expect(await waitingForPortals(storage)).toEqual(['a', 'b', 'c']);
    for (const { seq } of await storage.journal.chatHead(network, { chat }, 9))
      await written(storage, { kind: 'remote-deliveries', of: seq, portals: [here.id, there.id] });
    await written(storage, remoteEvents(said('d')));
    expect(await waitingForPortals(storage)).toEqual([]);
    for (const { id } of [here, there])
      expect(await waitingIn(storage, id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keep the words as long as another portal needs them', async () => {
    const { storage } = open;
    const here = await linkPortal(storage);
    const there = await linkPortal(storage, { roomId: '!other' });
    await written(storage, remoteEvents(said('a')));
    for (const { id } of [here, there]) {
      const [delivery] = await storage.journal.remoteHead(id, 9);
      expect(delivery).toMatchObject({ event: said('a') });
      const end = { kind: 'remote-ended', delivery: must(delivery).id, atMs: 1 } as const;
      await written(storage, { ...end, as: 'delivered' });
      expect(await storage.journal.remoteHead(id, 9)).toEqual([]);
    }
  });

  it('rejects portals for an event that has found them', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const { seq } = await makeRemoteDelivery(storage, portal.id, said('a'));
    const again = { kind: 'remote-deliveries', of: seq, portals: [portal.id] } as const;
    await expect(storage.journal.commit([again])).rejects.toThrow(String(seq));
  });

  it('forgets one that nobody hears, and never uses its number again', async () => {
    const { storage } = open;
    await written(storage, remoteEvents(said('a')));
    const [row] = await storage.journal.chatHead(network, { chat }, 1);
    await written(storage, { kind: 'remote-deliveries', of: must(row).seq, portals: [] });
    expect(await storage.journal.pending()).toMatchObject({ chats: [], remotePortals: [] });
    await written(storage, remoteEvents(said('b')));
    const [next] = await storage.journal.chatHead(network, { chat }, 1);
    expect(must(next).seq).toBeGreaterThan(must(row).seq);
  });
}

function whatIsKnown(open: Open): void {
  it('names the chats and the portals that have work, each once', async () => {
    const { storage } = open;
    const other = remoteChatId('#other');
    const portal = await linkPortal(storage, { chat: other });
    await makeRemoteDelivery(storage, portal.id, said('a', { chat: other }));
    await written(storage, remoteEvents(said('b'), said('c'), said('d', { receiver })));
    const pending = await storage.journal.pending();
    expect(pending.remotePortals).toEqual([portal.id]);
    expect(pending.chats).toHaveLength(2);
    expect(pending.chats).toContainEqual({ network, chat });
    expect(pending.chats).toContainEqual({ network, chat, receiver });
  });

  it('takes a time that is no whole number of milliseconds', async () => {
    await written(open.storage, remoteEvents(said('a', { sentAtMs: 1234.5678 })));
    expect(await waitingMessages(open.storage)).toEqual(['a']);
    expect(await open.storage.journal.newest(network, { chat })).toEqual({ id: 'a', atMs: 1235 });
  });

  it('knows the newest of a chat: the id that was last seen, and the time of what came last', async () => {
    const { storage } = open;
    const newest = () => storage.journal.newest(network, { chat });
    expect(await newest()).toBeUndefined();
    await written(storage, remoteEvents({ kind: 'hole', chat, sinceMs: 1, sentAtMs: 2 }));
    expect(await newest()).toEqual({ atMs: 2 });
    await written(storage, remoteEvents(said('a', { key: 'k', sentAtMs: 90 })));
    expect(await newest()).toEqual({ id: 'a', atMs: 90 });
    await written(storage, remoteEvents({ kind: 'hole', chat, sinceMs: 90, sentAtMs: 95 }));
    await written(storage, remoteEvents(said('a', { key: 'k', sentAtMs: 90 })));
    await open.reopen();
    expect(await open.storage.journal.newest(network, { chat })).toEqual({ id: 'a', atMs: 95 });
    expect(await open.storage.journal.newest(network, { chat, receiver })).toBeUndefined();
  });
}
