import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import { labelOf, sayRetrying } from '../../../src/engine/asides.ts';
import type { Context } from '../../../src/engine/context.ts';
import { createKeys } from '../../../src/engine/keys.ts';
import { createLanes } from '../../../src/engine/lanes.ts';
import { Notices } from '../../../src/engine/notices.ts';
import type { MatrixEventId, MatrixRoomId } from '../../../src/model/matrix-ids.ts';
import { remoteChatId } from '../../../src/model/remote-ids.ts';
import type { Outcome, Write } from '../../../src/ports/journal.ts';
import type { SendRequest } from '../../../src/ports/matrix.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const rooms: readonly MatrixRoomId[] = ['!r', '!other'];
const away = new BridgeError('unreachable', 'away', { effect: 'none' });

/** Rooms with a portal each, and a bot of which `said` has all the words, as soon as they may be sent. */
async function bridge(options: { sends?: () => Promise<void>; statusEvents?: boolean } = {}) {
  const storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  onTestFinished(() => storage.close());
  for (const roomId of rooms)
    await storage.portals.link({
      network: 'net',
      chat: remoteChatId('c'),
      roomId,
      ownsRoom: false,
      origin: 'command',
    });
  const said: string[] = [];
  const context = {
    storage,
    clock: fakeClock(1_000),
    log: () => {},
    statusEvents: options.statusEvents ?? true,
    keys: createKeys(new Uint8Array(1)),
    networks: [],
    matrix: {
      bot: '@bot:b',
      async send({ content }: SendRequest) {
        await options.sends?.();
        if (content.kind === 'status') said.push(`${content.of} ${content.outcome}`);
        if (content.kind === 'notice') said.push(`${content.replyTo}: ${content.text}`);
        return `$notice-${said.length}`;
      },
    },
  } as unknown as Context;
  const notices = new Notices(context, {
    labelOf: (of) => labelOf(context, of),
    sayRetrying: (waiting) => sayRetrying(context, waiting),
  });
  const lanes = createLanes('Notices', (key: MatrixRoomId) => notices.work(key), context);

  /** A message on its way to the network. */
  async function say(id: MatrixEventId, roomId: MatrixRoomId = '!r') {
    const [{ id: portal } = { id: 0 }] = await storage.portals.ofRoom(roomId);
    await storage.journal.commit([
      { kind: 'matrix-events', atMs: 0, events: [{ id, roomId, json: '{}' }] },
      { kind: 'deliveries', of: id, portals: [portal] },
    ]);
    const all = await storage.journal.head(portal, 99);
    const delivery = all.find(({ eventId }) => eventId === id)!;
    return {
      waits() {
        const event = { id, roomId };
        notices.waits({ delivery, event, error: away, isFirst: true } as never);
        lanes.wake(roomId);
      },
      end: (as: Outcome) =>
        ({ kind: 'ended', delivery: delivery.id, atMs: 2_000, as, tell: true }) as const,
    };
  }
  async function ends(...all: readonly Write[]) {
    await storage.journal.commit(all);
    for (const roomId of rooms) lanes.wake(roomId);
  }
  return { say, ends, said, drain: () => lanes.drain() };
}

describe('Notices', () => {
  it('says that a message waits before what became of it, however long that takes', async () => {
    let mayBeSaid = () => {};
    const limit = new Promise<void>((resolve) => (mayBeSaid = resolve));
    const sends = [limit];
    const { say, ends, said, drain } = await bridge({ sends: async () => sends.shift() });
    const one = await say('$1');
    one.waits();
    await vi.waitFor(() => expect(sends).toEqual([]));
    const elsewhere = await say('$2', '!other');
    await ends(one.end('delivered'), elsewhere.end('delivered'));
    await vi.waitFor(() => expect(said).toEqual(['$2 delivered']));
    mayBeSaid();
    await drainAfter(drain, () => expect(said).toHaveLength(3));
    expect(said).toEqual(['$2 delivered', '$1 retrying', '$1 delivered']);
  });

  it('says no more that a message waits which has ended', async () => {
    const { say, ends, said, drain } = await bridge();
    const one = await say('$1');
    await ends(one.end('delivered'));
    one.waits();
    await drainAfter(drain, () => expect(said).toContain('$1 delivered'));
    expect(said).toEqual(['$1 delivered']);
  });

  it('tells what became of several in the order in which they were said', async () => {
    const { say, ends, said, drain } = await bridge({ statusEvents: false });
    const all = [await say('$1'), await say('$2'), await say('$3')];
    await ends(...all.toReversed().map((one) => one.end('failed')));
    await drainAfter(drain, () => expect(said).toHaveLength(3));
    expect(said.map((text) => text.slice(0, 2))).toEqual(['$1', '$2', '$3']);
  });
});

/** Waits for what is to be said, and that nothing more comes. */
async function drainAfter(drain: () => Promise<void>, check: () => void): Promise<void> {
  await vi.waitFor(check);
  await drain();
}
