import { expect, it } from 'vitest';
import type { MatrixRoomId } from '../../model/matrix-ids.ts';
import { remoteChatId, type VoiceId } from '../../model/remote-ids.ts';
import {
  chat,
  linkPortal,
  makeDelivery,
  makeRemoteDelivery,
  network,
  type Open,
  remoteEvents,
  said,
  written,
} from './fixtures.ts';

const receiver = 'ann' as VoiceId;

export function portalContract(open: Open): void {
  linkContract(open);
  unlinkContract(open);
  moveContract(open);
}

function linkContract(open: Open): void {
  it('links a chat to two rooms, and a room to two chats', async () => {
    const { portals } = open.storage;
    const first = await linkPortal(open.storage, { ownsRoom: true, origin: 'alias' });
    const second = await linkPortal(open.storage, { roomId: '!other' });
    const third = await linkPortal(open.storage, { network: 'other', chat: remoteChatId('x') });
    expect(first).toEqual({
      id: first.id,
      network,
      chat,
      roomId: '!room',
      ownsRoom: true,
      origin: 'alias',
      encrypted: false,
    });
    await open.reopen();
    expect(await open.storage.portals.ofChat(network, { chat })).toEqual([first, second]);
    expect(await open.storage.portals.ofRoom('!room')).toEqual([first, third]);
    expect(await open.storage.portals.after(second.id)).toEqual([third]);
    expect(await open.storage.portals.after(0, 'other')).toEqual([third]);
    expect(await open.storage.portals.after(first.id, network)).toEqual([second]);
    expect(await open.storage.portals.byId(second.id)).toEqual(second);
    expect(await portals.ofRoom('!nowhere').catch(() => [])).toEqual([]);
  });

  it('gives back the link that is there, also to two who ask at once', async () => {
    const [one, other] = await Promise.all([
      linkPortal(open.storage, { origin: 'alias' }),
      linkPortal(open.storage, { origin: 'command' }),
    ]);
    expect(other).toEqual(one);
    expect(await open.storage.portals.ofRoom('!room')).toEqual([one]);
  });

  it('keeps the views of one chat apart', async () => {
    const shared = await linkPortal(open.storage);
    const own = await linkPortal(open.storage, { receiver });
    expect(own.receiver).toBe(receiver);
    expect(shared).not.toHaveProperty('receiver');
    const { portals } = open.storage;
    expect(await portals.ofChat(network, { chat })).toEqual([shared]);
    expect(await portals.ofChat(network, { chat, receiver })).toEqual([own]);
  });

  it('lets one link of a room own it, and refuses a second', async () => {
    await linkPortal(open.storage, { ownsRoom: true });
    const second = linkPortal(open.storage, { ownsRoom: true, network: 'other' });
    await expect(second).rejects.toThrow('!room');
    expect(await open.storage.portals.ofRoom('!room')).toHaveLength(1);
  });

  it('remembers that a room is encrypted, for links to come as well', async () => {
    const { portals } = open.storage;
    const { id } = await linkPortal(open.storage);
    await linkPortal(open.storage, { roomId: '!other' });
    await portals.markEncrypted('!room');
    await portals.markEncrypted('!room');
    expect(await portals.byId(id)).toMatchObject({ encrypted: true });
    expect(await linkPortal(open.storage, { network: 'other' })).toMatchObject({ encrypted: true });
    expect(await portals.ofRoom('!other')).toMatchObject([{ encrypted: false }]);
  });

  it('finds nothing where there is nothing', async () => {
    const { portals } = open.storage;
    expect(await portals.ofChat(network, { chat })).toEqual([]);
    expect(await portals.ofRoom('!room')).toEqual([]);
    expect(await portals.after(0)).toEqual([]);
    expect(await portals.byId(1)).toBeUndefined();
  });
}

function unlinkContract(open: Open): void {
  it('unlinks, and never uses the id again', async () => {
    const { id } = await linkPortal(open.storage, { ownsRoom: true });
    await open.storage.portals.unlink(id);
    await open.storage.portals.unlink(id);
    const { portals } = open.storage;
    expect(await portals.ofRoom('!room')).toEqual([]);
    expect(await portals.ofChat(network, { chat })).toEqual([]);
    expect(await portals.after(0)).toEqual([]);
    expect(await portals.byId(id)).toBeUndefined();
    await open.reopen();
    const again = await linkPortal(open.storage, { ownsRoom: true });
    expect(again.id).toBeGreaterThan(id);
  });

  it('ends as failed what waited in either direction, and leaves others alone', async () => {
    const { storage } = open;
    const { id } = await linkPortal(storage);
    const other = await linkPortal(storage, { roomId: '!other' });
    await makeDelivery(storage, id, 'a');
    await makeDelivery(storage, other.id, 'b');
    await makeRemoteDelivery(storage, id, said('m'));
    await storage.portals.unlink(id);
    expect(await storage.journal.head(id, 9)).toEqual([]);
    expect(await storage.journal.remoteHead(id, 9)).toEqual([]);
    expect(await storage.journal.pending()).toMatchObject({
      portals: [other.id],
      remotePortals: [other.id],
    });
    const dead = { outcome: 'failed', roomId: '!room', network, chat };
    expect(await storage.repairs.deadLetters(9)).toMatchObject([dead, dead]);
    expect(await storage.journal.notices('!room', 9)).toMatchObject([
      { eventId: '$a', outcome: 'failed', reason: expect.stringMatching(/^unsupported: /) },
    ]);
  });

  it('lets nothing wait for it later', async () => {
    const { storage } = open;
    await written(storage, remoteEvents(said('m')));
    const { id } = await linkPortal(storage);
    await storage.portals.unlink(id);
    for (const { seq } of await storage.journal.chatHead(network, { chat }, 9))
      await written(storage, { kind: 'remote-deliveries', of: seq, portals: [id] });
    expect((await storage.journal.pending()).remotePortals).toEqual([]);
    expect(await storage.repairs.deadLetters(9)).toMatchObject([{ outcome: 'failed' }]);
  });
}

function moveContract(open: Open): void {
  it('moves all portals of a room with what waits for them, and no others', async () => {
    const owner = await linkPortal(open.storage, { ownsRoom: true });
    const second = await linkPortal(open.storage, { network: 'other', chat: remoteChatId('x') });
    const elsewhere = await linkPortal(open.storage, { roomId: '!other' });
    await makeDelivery(open.storage, owner.id, 'e');
    const { place } = await open.storage.journal.accounted('!room');
    await open.storage.portals.move('!room', '!new', { place, upTo: '$begin' });
    await open.reopen();
    const { portals, journal } = open.storage;
    expect(await portals.ofRoom('!room')).toEqual([]);
    expect(await portals.ofRoom('!new')).toEqual([
      { ...owner, roomId: '!new' },
      { ...second, roomId: '!new' },
    ]);
    expect(await portals.byId(elsewhere.id)).toEqual(elsewhere);
    expect(await journal.head(owner.id, 10)).toHaveLength(1);
    expect((await journal.accounted('!new')).portals).toMatchObject([
      { portal: owner.id, upTo: '$begin', place },
      { portal: second.id, upTo: '$begin', place },
    ]);
  });

  it('knows where they went, over many rooms and back again', async () => {
    await linkPortal(open.storage);
    const { portals } = open.storage;
    const move = (from: MatrixRoomId, to: MatrixRoomId) => portals.move(from, to, { place: 0 });
    expect(await portals.nowRoom('!room')).toBe('!room');
    await move('!room', '!b');
    await move('!b', '!c');
    expect(await portals.nowRoom('!room')).toBe('!c');
    expect(await portals.nowRoom('!c')).toBe('!c');
    expect(await portals.roomsBefore('!c')).toEqual(['!b']);
    await move('!c', '!room');
    expect(await portals.nowRoom('!b')).toBe('!room');
    expect(await portals.nowRoom('!room')).toBe('!room');
  });
}
