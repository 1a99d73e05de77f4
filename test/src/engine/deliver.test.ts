import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import type { Handler, Sent } from '../../../src/adapter/matrix-action.ts';
import type { Context } from '../../../src/engine/context.ts';
import { deliver } from '../../../src/engine/deliver.ts';
import { createKeys } from '../../../src/engine/keys.ts';
import { remoteChatId, remoteMessageId, type VoiceId } from '../../../src/model/remote-ids.ts';
import type { Delivery } from '../../../src/ports/journal.ts';
import type { Storage } from '../../../src/ports/store.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { systemClock } from '../../../src/util/system-clock.ts';

const chat = remoteChatId('c');
const voice = 'net/enlisted/@a:b' as VoiceId;
const other = 'net/relay' as VoiceId;
const action = {
  kind: 'message',
  chat,
  speaker: { userId: '@a:b', displayName: 'a' },
  body: { text: 'x' },
} as const;
const bytes = (text: string) => new TextEncoder().encode(text);
const id = (text: string) => remoteMessageId(text);

let storage: Storage;
afterEach(() => storage.close());

/** A delivery on disk, as the room's lane leaves it, and what carries it out. */
async function begin(count = 1) {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  const { journal } = storage;
  const portal = await storage.portals.link({
    network: 'net',
    chat,
    roomId: '!r',
    ownsRoom: false,
    origin: 'command',
  });
  const events = Array.from({ length: count }, (_, n) => ({
    id: `$${n}` as const,
    roomId: '!r' as const,
    json: '{"sender":"@a:b"}',
  }));
  await journal.commit([
    { kind: 'matrix-events', atMs: 1, events },
    ...events.map((event) => ({ kind: 'deliveries', of: event.id, portals: [portal.id] }) as const),
  ]);
  const context = { storage, clock: systemClock, keys: createKeys(bytes('s')) } as Context;
  const head = () => journal.head(portal.id, 100);
  const run = (delivery: Delivery, handler: Handler<'message'>, as = voice) =>
    deliver(context, { delivery, network: 'net', voice: as, action, handler });
  const first = async () => (await head())[0] as Delivery;
  return { head, first, run };
}

/** A handler that writes down what was done with it. */
function handlerOf(how: Partial<Handler<'message'>> & { outcomes?: (Sent | Error)[] } = {}) {
  const { outcomes = [], ...rest } = how;
  const sent: string[] = [];
  const handler: Handler<'message'> = {
    ...rest,
    async send(part) {
      sent.push(`${part.key}=${Buffer.from(part.wire ?? []).toString()}`);
      const outcome = outcomes.shift() ?? { ids: [id('m')] };
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
  return { handler, sent };
}

const unknown = () => new BridgeError('unreachable', 'cut off', { effect: 'unknown' });
const none = () => new BridgeError('unreachable', 'away', { effect: 'none' });

describe('deliver', () => {
  it('is marked in doubt before the first send', async () => {
    const { first, run } = await begin();
    let before: Delivery | undefined;
    await run(await first(), {
      send: async () => {
        before = await first();
        return { ids: [] };
      },
    });
    expect(before?.begun).toMatchObject({ inDoubt: true, voice });
  });

  it('sends the same key and bytes again after an effect of none', async () => {
    const { first, run } = await begin();
    let built = 0;
    const { handler, sent } = handlerOf({
      encode: async () => ({ parts: [bytes(`bytes ${built++}`)] }),
      outcomes: [none(), { ids: [id('m')] }],
    });
    await expect(run(await first(), handler)).rejects.toMatchObject({ effect: 'none' });
    expect((await first()).begun?.inDoubt).toBe(false);
    expect(await run(await first(), handler)).toMatchObject({ as: 'delivered', ids: ['m'] });
    expect(new Set(sent).size).toBe(1);
    expect(sent).toHaveLength(2);
  });

  it('is unknown after a doubt where nothing can be known, and is not sent again', async () => {
    const { first, run } = await begin();
    const { handler, sent } = handlerOf({ outcomes: [unknown()] });
    expect(await run(await first(), handler)).toEqual({ as: 'unknown' });
    expect(await run(await first(), handler)).toEqual({ as: 'unknown' });
    expect(sent).toHaveLength(1);
  });

  it('is sent again after a doubt where repeats are dropped', async () => {
    const { first, run } = await begin();
    const { handler, sent } = handlerOf({ dropsRepeats: true, outcomes: [unknown()] });
    await expect(run(await first(), handler)).rejects.toMatchObject({ effect: 'unknown' });
    expect(await run(await first(), handler)).toMatchObject({ as: 'delivered' });
    expect(new Set(sent).size).toBe(1);
  });

  it.each([
    ['absent', 2, { as: 'delivered', ids: ['m'] }],
    [{ ids: [id('found')] }, 1, { as: 'delivered', ids: ['found'] }],
    ['cannot-tell', 1, { as: 'unknown' }],
  ] as const)('does after a doubt what a look-up of %j says', async (answer, sends, outcome) => {
    const { first, run } = await begin();
    const { handler, sent } = handlerOf({ lookup: async () => answer, outcomes: [unknown()] });
    await expect(run(await first(), handler)).rejects.toMatchObject({ effect: 'unknown' });
    expect(await run(await first(), handler)).toMatchObject(outcome);
    expect(sent).toHaveLength(sends);
  });

  it('believes an echo more than a look-up that says absent', async () => {
    const { first, run } = await begin();
    const { handler, sent } = handlerOf({
      outcomes: [unknown()],
      lookup: async ({ key }) => {
        await storage.journal.commit([
          {
            kind: 'remote-events',
            network: 'net',
            atMs: 2,
            events: [
              {
                kind: 'message',
                chat,
                sentAtMs: 2,
                sender: 'me' as never,
                id: id('echo'),
                body: { text: 'x' },
                echoOf: key,
              },
            ],
          },
        ]);
        return 'absent';
      },
    });
    await expect(run(await first(), handler)).rejects.toMatchObject({ effect: 'unknown' });
    expect(await run(await first(), handler)).toMatchObject({ as: 'delivered', ids: ['echo'] });
    expect(sent).toHaveLength(1);
  });

  it('goes on with the part that was not sent', async () => {
    const { first, run } = await begin();
    const { handler, sent } = handlerOf({
      encode: async () => ({ parts: [bytes('one'), bytes('two')] }),
      outcomes: [{ ids: [id('1')] }, none(), { ids: [id('2')] }],
    });
    await expect(run(await first(), handler)).rejects.toMatchObject({ effect: 'none' });
    expect(await run(await first(), handler)).toMatchObject({ ids: ['1', '2'] });
    expect(sent.map((line) => line.slice(line.indexOf('=')))).toEqual(['=one', '=two', '=two']);
  });

  it('has its doubt about the first part without an answer, not about one before it', async () => {
    const { first, run } = await begin();
    const { handler, sent } = handlerOf({
      encode: async () => ({ parts: [bytes('one'), bytes('two')] }),
      outcomes: [{ ids: [id('1')] }, unknown()],
    });
    expect(await run(await first(), handler)).toEqual({ as: 'unknown' });
    // As a crash in the middle of the second part would leave it.
    expect((await first()).begun).toMatchObject({ inDoubt: true, parts: [{ ids: ['1'] }, {}] });
    expect(await run(await first(), handler)).toEqual({ as: 'unknown' });
    expect(sent).toHaveLength(2);
  });

  it('is unknown where the voice is gone that may have sent it', async () => {
    const { first, run } = await begin();
    const { handler, sent } = handlerOf({ lookup: async () => 'absent', outcomes: [unknown()] });
    await expect(run(await first(), handler)).rejects.toMatchObject({ effect: 'unknown' });
    expect(await run(await first(), handler, other)).toEqual({ as: 'unknown' });
    expect(sent).toHaveLength(1);
  });

  it('encodes anew for another voice what the first one certainly has not sent', async () => {
    const { first, run } = await begin();
    let built = 0;
    const { handler, sent } = handlerOf({
      encode: async () => ({ parts: [bytes(`bytes ${built++}`)] }),
      outcomes: [none(), { ids: [id('m')] }],
    });
    await expect(run(await first(), handler)).rejects.toMatchObject({ effect: 'none' });
    expect(await run(await first(), handler, other)).toMatchObject({ as: 'delivered' });
    expect(sent.map((line) => line.slice(line.indexOf('=')))).toEqual(['=bytes 0', '=bytes 1']);
  });

  it('encodes anew what is stale, and keeps what was sent', async () => {
    const { first, run } = await begin();
    let built = 0;
    const stale = new BridgeError('stale', 'other devices', { effect: 'none' });
    const { handler, sent } = handlerOf({
      encode: async () => {
        built++;
        return { parts: [bytes(`a${built}`), bytes(`b${built}`)] };
      },
      outcomes: [{ ids: [id('1')] }, stale, { ids: [id('2')] }],
    });
    expect(await run(await first(), handler)).toMatchObject({ ids: ['1', '2'] });
    expect(sent.map((line) => line.slice(line.indexOf('=')))).toEqual(['=a1', '=b1', '=b2']);
  });

  it('takes no generation of a ratchet twice, with fifty at once', async () => {
    const { head, run } = await begin(50);
    const generations: number[] = [];
    const state = () => storage.state.get('net', voice, 'ratchet');
    const handler: Handler<'message'> = {
      dropsRepeats: true,
      async encode() {
        const before = await state();
        await new Promise(setImmediate);
        const generation = before?.[0] ?? 0;
        const change = {
          key: 'ratchet',
          voice,
          value: Uint8Array.of(generation + 1),
          from: before ?? null,
        };
        return { parts: [Uint8Array.of(generation)], save: [change] };
      },
      async send({ wire }) {
        generations.push(wire?.[0] ?? -1);
        return { ids: [] };
      },
    };
    await Promise.all((await head()).map((delivery) => run(delivery, handler)));
    expect(new Set(generations).size).toBe(50);
  });
});
