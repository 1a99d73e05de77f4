import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../../../src/engine/context.ts';
import type { DeedWork } from '../../../../src/engine/from-matrix/deed.ts';
import { targetLinks } from '../../../../src/engine/from-matrix/target.ts';
import { createNames } from '../../../../src/engine/names.ts';
import type { MatrixEventId } from '../../../../src/model/matrix-ids.ts';
import type { Portal } from '../../../../src/model/portal.ts';
import { remoteChatId, remoteMessageId, remoteUserId } from '../../../../src/model/remote-ids.ts';
import type { Write } from '../../../../src/ports/journal.ts';
import type { Storage } from '../../../../src/ports/store.ts';
import { openStorage } from '../../../../src/store/sqlite/index.ts';

const chat = remoteChatId('#chat');
const carol = '@bridge_net_carol:hs.test';
const target: MatrixEventId = '$said';

let storage: Storage;
let portal: Portal;
beforeEach(async () => {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  const link = {
    network: 'net',
    chat,
    roomId: '!room',
    ownsRoom: false,
    origin: 'config',
  } as const;
  portal = await storage.portals.link(link);
});
afterEach(() => storage.close());

const commit = (...writes: readonly Write[]) => storage.journal.commit(writes);

/** The network said it at this time, and it is on its way to the room. */
async function pending(atMs: number): Promise<void> {
  const about = { chat, sender: remoteUserId('carol'), body: { text: 'x' }, sentAtMs: 1 };
  const event = { kind: 'message', id: remoteMessageId('m'), ...about } as const;
  await commit({ kind: 'remote-events', network: 'net', atMs, events: [event] });
}

/** The homeserver pushed the event at this time. */
async function pushed(sender: string, atMs: number): Promise<void> {
  const json = JSON.stringify({ event_id: target, sender });
  await commit({ kind: 'matrix-events', atMs, events: [{ id: target, roomId: '!room', json }] });
  await commit({ kind: 'deliveries', of: target, portals: [] });
}

function links() {
  const names = createNames('bridge_', 'hs.test', ['net', 'other']);
  const context = { storage, names } as unknown as Context;
  return targetLinks({ context, portal } as unknown as DeedWork, target);
}

describe('targetLinks', () => {
  it('waits for the link of what a ghost said for something that is still under way', async () => {
    await pending(10);
    await pushed(carol, 20);
    await expect(links()).rejects.toMatchObject({ code: 'unreachable', effect: 'none' });

    const [row] = await storage.journal.remoteHead(portal.id, 1);
    const link = { portal: portal.id, eventId: target, remoteId: remoteMessageId('m'), part: 0 };
    await commit(
      { kind: 'link', link: { ...link, saidBy: 'remote', sender: carol } },
      { kind: 'remote-ended', delivery: row?.id ?? 0, as: 'delivered', atMs: 30 },
    );
    expect(await links()).toMatchObject([link]);
  });

  it('waits for nothing that was heard later than it was said', async () => {
    await pushed(carol, 20);
    expect(await links()).toEqual([]);
    await pending(30);
    expect(await links()).toEqual([]);
  });

  it.each(['@ann:hs.test', '@bridge_bot:hs.test', '@bridge_other_carol:hs.test'])(
    'waits for nothing that %s said',
    async (sender) => {
      await pending(10);
      await pushed(sender, 20);
      expect(await links()).toEqual([]);
    },
  );

  it('waits for nothing that never came', async () => {
    await pending(10);
    expect(await links()).toEqual([]);
  });
});
