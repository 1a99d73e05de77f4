import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { RemoteHint } from '../../../../src/adapter/remote-event.ts';
import type { Context } from '../../../../src/engine/context.ts';
import { createRemoteHints } from '../../../../src/engine/hints/from-remote.ts';
import { createNewest } from '../../../../src/engine/hints/newest.ts';
import { remoteChatId, remoteMessageId, remoteUserId } from '../../../../src/model/remote-ids.ts';
import type { Storage } from '../../../../src/ports/store.ts';
import { openStorage } from '../../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../../src/testing/fake-clock.ts';

const ghost = '@net_carol:hs.test';
const chat = remoteChatId('town');
const sender = remoteUserId('carol');
const upTo = remoteMessageId('album');

let storage: Storage;
afterEach(() => storage.close());

/** A chat in two rooms: Carol's ghost is in the first, and it is there that her album was shown. */
async function hints() {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  const link = (roomId: '!a' | '!b') =>
    storage.portals.link({ network: 'net', chat, roomId, ownsRoom: false, origin: 'command' });
  const [{ id: portal }] = [await link('!a'), await link('!b')];
  await storage.ghosts.save({ userId: ghost, network: 'net', remoteId: sender });
  await storage.ghosts.setJoined(ghost, '!a', true);
  const of = { portal, remoteId: upTo, saidBy: 'remote', sender: ghost } as const;
  await storage.journal.commit([
    { kind: 'link', link: { ...of, eventId: '$second', part: 1 } },
    { kind: 'link', link: { ...of, eventId: '$first', part: 0 } },
  ]);
  const shown: string[] = [];
  const clock = fakeClock();
  const context = {
    ...{ storage, clock, log: () => {}, names: { ghost: () => ghost } },
    matrix: {
      typing: async (...of: unknown[]) => void shown.push(`typing ${of.join(' ')}`),
      markRead: async (...of: unknown[]) => void shown.push(`read ${of.join(' ')}`),
    },
  } as unknown as Context;
  const show = createRemoteHints(context, createNewest(context));
  const hear = async (hint: Partial<RemoteHint>) => {
    show('net', { chat, sender, ...hint } as RemoteHint);
    await clock.advance(2_000);
    return shown;
  };
  return { hear };
}

describe('createRemoteHints', () => {
  it('shows who types in the rooms where the ghost is', async () => {
    const { hear } = await hints();
    expect(await hear({ kind: 'typing', forMs: 5_000 })).toEqual([`typing !a ${ghost} 5000`]);
  });

  it('shows how far somebody has read, by the last event of what became several', async () => {
    const { hear } = await hints();
    expect(await hear({ kind: 'read', upTo })).toEqual([`read !a ${ghost} $second`]);
  });

  it.each<Partial<RemoteHint>>([
    { kind: 'read', upTo: remoteMessageId('unknown') },
    { kind: 'received', upTo },
    { kind: 'presence', forMs: 5_000 },
    { kind: 'typing', forMs: 5_000, chat: remoteChatId('elsewhere') },
  ])('shows nothing of %j, for which there is no place', async (hint) => {
    expect(await (await hints()).hear(hint)).toEqual([]);
  });

  it('shows nothing in an encrypted room', async () => {
    const { hear } = await hints();
    await storage.portals.markEncrypted('!a');
    expect(await hear({ kind: 'typing', forMs: 5_000 })).toEqual([]);
  });
});
