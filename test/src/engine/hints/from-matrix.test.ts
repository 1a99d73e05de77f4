import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { NetworkSession } from '../../../../src/adapter/session.ts';
import type { Context } from '../../../../src/engine/context.ts';
import { MatrixHints } from '../../../../src/engine/hints/from-matrix.ts';
import { createNewest } from '../../../../src/engine/hints/newest.ts';
import { parseHint } from '../../../../src/matrix/events/parse-hint.ts';
import { remoteChatId, remoteMessageId } from '../../../../src/model/remote-ids.ts';
import type { Write } from '../../../../src/ports/journal.ts';
import type { Storage } from '../../../../src/ports/store.ts';
import { openStorage } from '../../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../../src/testing/fake-clock.ts';

const ann = '@ann:hs.test';
let storage: Storage;
afterEach(() => storage.close());

/** Ann, who has a voice on each network, in a room that is bridged to the chats `one` and `two`. */
async function hints(hint: NetworkSession['hint'] = undefined) {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  const link = (network: string) =>
    storage.portals.link({
      network,
      chat: remoteChatId(network),
      roomId: '!r',
      ownsRoom: false,
      origin: 'command',
    });
  const portals = [await link('one'), await link('two')];
  const passed: unknown[] = [];
  const session = {
    hint: hint ?? ((chat: string, what: object) => void passed.push([chat, what])),
  } as NetworkSession;
  const clock = fakeClock();
  const log = () => {};
  const context = { storage, clock, log, matrix: { parseHint } } as unknown as Context;
  const voices = {
    openOf: async () => [],
    ownIn: async (_: unknown, who: string) => (who === ann ? session : undefined),
  };
  const hear = async (...edus: object[]) => {
    new MatrixHints(context, voices, createNewest(context)).heard(edus);
    await clock.advance(10_000);
  };
  return { portals, passed, hear };
}

const typing = (...user_ids: string[]) => ({
  type: 'm.typing',
  room_id: '!r',
  content: { user_ids },
});
const receipt = (event: string, who = ann) => ({
  type: 'm.receipt',
  room_id: '!r',
  content: { [event]: { 'm.read': { [who]: { ts: 1 } } } },
});

describe('MatrixHints', () => {
  it('goes to each chat of a room, by whoever has a voice there', async () => {
    const { passed, hear } = await hints();
    await hear(typing(ann, '@bridge_one_carol:hs.test'));
    expect(passed).toEqual([
      ['one', { kind: 'typing', forMs: 60_000 }],
      ['two', { kind: 'typing', forMs: 60_000 }],
    ]);
  });

  it('names what was read as each network knows it, the last part of several', async () => {
    const { portals, passed, hear } = await hints();
    const link = (portal: number, remoteId: string, part: number): Write => ({
      kind: 'link',
      link: {
        ...{ portal, eventId: '$long', remoteId: remoteMessageId(remoteId), part },
        ...{ saidBy: 'matrix', sender: ann },
      },
    });
    const [one, two] = portals.map(({ id }) => id);
    await storage.journal.commit([link(one!, 'b', 1), link(one!, 'a', 0), link(two!, 'x', 0)]);
    await hear(receipt('$long'), receipt('$unknown', '@bob:hs.test'));
    expect(passed).toEqual([
      ['one', { kind: 'read', upTo: 'b' }],
      ['two', { kind: 'read', upTo: 'x' }],
    ]);
  });

  it('says nothing to anybody of an event that no network has', async () => {
    const { passed, hear } = await hints();
    await hear(receipt('$unknown'));
    expect(passed).toEqual([]);
  });

  it('says nothing of what goes on in an encrypted room', async () => {
    const { passed, hear } = await hints();
    await storage.portals.markEncrypted('!r');
    await hear(typing(ann));
    expect(passed).toEqual([]);
  });

  it('lets no session that breaks hold up what comes later', async () => {
    let calls = 0;
    const { hear } = await hints(() => {
      calls += 1;
      throw new Error('not now');
    });
    await hear(typing(ann), typing());
    expect(calls).toBe(2);
  });
});
