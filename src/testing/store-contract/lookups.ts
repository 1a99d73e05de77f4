import { expect, it } from 'vitest';
import type { MessageLink } from '../../model/message-link.ts';
import { remoteMessageId, remoteUserId, type VoiceId } from '../../model/remote-ids.ts';
import type { GhostRow, VoiceRow } from '../../ports/store.ts';
import { bytes, matrixEvents, network, type Open, voice, written } from './fixtures.ts';

export function lookupContract(open: Open): void {
  ghostContract(open);
  linkContract(open);
  voiceContract(open);
  eventContract(open);
}

const ghost = (name: string): GhostRow => ({
  userId: `@net_${name}:example.org`,
  network,
  remoteId: remoteUserId(name),
});

function ghostContract(open: Open): void {
  it('keeps what the homeserver was told of a ghost, and what it was never told', async () => {
    const { ghosts } = open.storage;
    const named = { ...ghost('bob'), name: 'Bob', avatar: 'mxc://example.org/b' };
    await ghosts.save(named);
    await open.reopen();
    expect(await open.storage.ghosts.byUserId(named.userId)).toEqual(named);
    await open.storage.ghosts.save({ ...ghost('bob'), name: '' });
    expect(await open.storage.ghosts.byUserId(named.userId)).toEqual({ ...ghost('bob'), name: '' });
    expect(await open.storage.ghosts.byUserId('@nobody:example.org')).toBeUndefined();
  });

  it('knows which rooms a ghost is in', async () => {
    const { ghosts } = open.storage;
    const [ann, bob] = [ghost('ann'), ghost('bob')];
    for (const row of [bob, ann]) {
      await ghosts.save(row);
      await ghosts.setJoined(row.userId, '!room', true);
    }
    await ghosts.setJoined(ann.userId, '!room', true);
    await ghosts.setJoined(ann.userId, '!other', true);
    expect(await ghosts.joinedTo('!room')).toEqual([ann, bob]);
    await ghosts.setJoined(ann.userId, '!room', false);
    expect(await ghosts.isJoined(ann.userId, '!room')).toBe(false);
    expect(await ghosts.isJoined(ann.userId, '!other')).toBe(true);
    expect(await ghosts.joinedTo('!room')).toEqual([bob]);
  });
}

function linkContract(open: Open): void {
  const link = (over: Partial<MessageLink>): MessageLink => ({
    portal: 1,
    eventId: '$a',
    remoteId: remoteMessageId('m'),
    part: 0,
    saidBy: 'remote',
    sender: '@net_bob:example.org',
    ...over,
  });
  const save = (...links: MessageLink[]) =>
    written(open.storage, ...links.map((one) => ({ kind: 'link', link: one }) as const));

  it('finds links from both sides, in the order of their parts, portal by portal', async () => {
    const lines = [2, 0, 1].map((part) => link({ part, remoteId: remoteMessageId(`m${part}`) }));
    const album = [1, 0].map((part) => link({ part, eventId: `$b${part}` }));
    await save(...lines, ...album, link({ portal: 2, threadRoot: '$root' }));
    await open.reopen();
    const { links } = open.storage;
    expect((await links.ofEvent(1, '$a')).map(({ remoteId }) => remoteId)).toEqual([
      'm0',
      'm1',
      'm2',
    ]);
    expect((await links.ofRemote(1, remoteMessageId('m'))).map((one) => one.eventId)).toEqual([
      '$b0',
      '$b1',
    ]);
    expect(await links.ofEvent(2, '$a')).toEqual([link({ portal: 2, threadRoot: '$root' })]);
    expect(await links.ofEvent(3, '$a')).toEqual([]);
  });

  it('writes a link twice without doubling it', async () => {
    await save(link({}), link({}));
    expect(await open.storage.links.ofEvent(1, '$a')).toEqual([link({})]);
  });
}

function voiceContract(open: Open): void {
  const row: VoiceRow = {
    id: voice,
    network,
    kind: 'login',
    userId: '@ann:example.org',
    isOut: false,
  };

  it('keeps voices by network', async () => {
    const { voices } = open.storage;
    const relay: VoiceRow = { id: 'relay' as VoiceId, network, kind: 'relay', isOut: true };
    await voices.save(row);
    await voices.save(relay);
    await voices.save({ ...relay, id: 'else' as VoiceId, network: 'other' });
    await voices.save({ ...row, kind: 'enlisted' });
    await open.reopen();
    expect(await open.storage.voices.byId(voice)).toEqual({ ...row, kind: 'enlisted' });
    expect(await open.storage.voices.byId('nobody' as VoiceId)).toBeUndefined();
    expect(await open.storage.voices.ofNetwork(network)).toEqual([
      { ...row, kind: 'enlisted' },
      relay,
    ]);
  });

  it('removes a voice with its adapter state, and nothing else', async () => {
    const { storage } = open;
    await storage.voices.save(row);
    const change = { key: 'k', value: bytes(1) };
    await written(
      storage,
      { kind: 'state', network, change },
      { kind: 'state', network, change: { ...change, voice } },
    );
    await storage.voices.remove(voice);
    expect(await storage.voices.byId(voice)).toBeUndefined();
    expect(await storage.state.get(network, voice, 'k')).toBeUndefined();
    expect(await storage.state.get(network, undefined, 'k')).toEqual(bytes(1));
  });
}

function eventContract(open: Open): void {
  it('knows who sent an event that was understood, for good', async () => {
    const { storage } = open;
    await written(storage, matrixEvents('a', 'b'));
    await written(storage, { kind: 'deliveries', of: '$a', portals: [] });
    await open.reopen();
    const { journal } = open.storage;
    expect(await journal.senderOf('$a')).toBe('@ann:example.org');
    expect(await journal.senderOf('$b')).toBeUndefined();
    expect(await journal.senderOf('$never')).toBeUndefined();
  });
}
