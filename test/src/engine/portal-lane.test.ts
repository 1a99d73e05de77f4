import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import type { MatrixAction, Sent } from '../../../src/adapter/matrix-action.ts';
import type { NetworkSession } from '../../../src/adapter/session.ts';
import type { Context } from '../../../src/engine/context.ts';
import { JoinRules } from '../../../src/engine/join-rules.ts';
import { createKeys } from '../../../src/engine/keys.ts';
import { PortalLane } from '../../../src/engine/portal-lane.ts';
import { UserRates } from '../../../src/engine/user-rates.ts';
import { parse } from '../../../src/matrix/events/parse.ts';
import { remoteChatId, remoteMessageId, type VoiceId } from '../../../src/model/remote-ids.ts';
import { noMetrics } from '../../../src/ports/metrics.ts';
import type { Storage, VoiceRow } from '../../../src/ports/store.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const ann = '@ann:hs.test';
const bob = '@bob:hs.test';
const row: VoiceRow = {
  ...{ id: `net/enlisted/${ann}` as VoiceId, network: 'net', kind: 'enlisted' },
  ...{ userId: ann, isOut: true },
};

let storage: Storage;
afterEach(() => storage.close());

interface Said {
  readonly sender: string;
  /** Absent: words. */
  readonly more?: object;
}

/** What was said in a room, each with its number for an id, on its way to a network. */
async function laneWith(
  said: readonly Said[],
  send: (part: { readonly action: MatrixAction }) => Promise<Sent>,
  rates?: Pick<UserRates, 'take'>,
) {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  const portal = await storage.portals.link({
    ...{ network: 'net', chat: remoteChatId('town'), roomId: '!r' },
    ...{ ownsRoom: false, origin: 'command' },
  });
  await storage.voices.save(row);
  const words = { type: 'm.room.message', content: { msgtype: 'm.text', body: 'hi' } };
  const events = said.map(({ sender, more = words }, n) => {
    const event = { event_id: `$${n}`, room_id: '!r', sender, origin_server_ts: 1, ...more };
    return { id: `$${n}`, roomId: '!r', json: JSON.stringify(event) } as const;
  });
  const understood = events.map(
    ({ id }) => ({ kind: 'deliveries', of: id, portals: [portal.id] }) as const,
  );
  await storage.journal.commit([{ kind: 'matrix-events', atMs: 0, events }, ...understood]);
  const session = { on: { message: { send }, reaction: { send } } } as unknown as NetworkSession;
  const clock = fakeClock();
  const context = {
    ...{ storage, clock, log: () => {}, keys: createKeys(randomBytes(32)), networks: [] },
    ...{
      matrix: { parse },
      names: { ghostOf: () => undefined },
      permission: () => 'use',
      metrics: noMetrics,
      maxAgeMs: 3_600_000,
      maxAgeLoggedOutMs: 3_600_000,
    },
  } as unknown as Context;
  const lane = new PortalLane(context, {
    voices: { pick: async () => row, inChat: async () => session } as never,
    speakers: { of: async (_, userId) => ({ userId, displayName: 'Somebody' }), forget: () => {} },
    rules: new JoinRules([]),
    rates: (rates ?? new UserRates(context)) as UserRates,
    ended: () => {},
    retrying: () => {},
  });
  return { lane, work: () => lane.work(portal.id) };
}

/** A message of Ann on its way to a network that refuses each one, but tells of every try. */
async function waiting() {
  let tries = 0;
  const made = await laneWith([{ sender: ann }], async () => {
    tries += 1;
    throw new BridgeError('unreachable', 'away', { effect: 'none' });
  });
  return { ...made, tries: () => tries };
}

/** All is taken, but Ann is held back as often as is said. */
async function holdingBack(said: readonly Said[], times = Number.POSITIVE_INFINITY) {
  const taken: string[] = [];
  let left = times;
  const take = (_: string, user: string) => (user === ann && left-- > 0 ? 1_000 : 0);
  const send = async ({ action: { speaker } }: { readonly action: MatrixAction }) => {
    taken.push(speaker.userId);
    return { ids: [remoteMessageId(`m${taken.length}`)] };
  };
  return { ...(await laneWith(said, send, { take })), taken };
}

describe('PortalLane', () => {
  it('tries nothing that waits before its time', async () => {
    const { work, tries } = await waiting();
    expect((await work())?.waitMs).toBeGreaterThan(0);
    await work();
    expect(tries()).toBe(1);
  });

  it('tries all that waits at once when a network is back', async () => {
    const { lane, work, tries } = await waiting();
    await work();
    lane.networkIsThere();
    await work();
    expect(tries()).toBe(2);
  });

  it('tries what waits for a voice at once when that is back, and for no other', async () => {
    const { lane, work, tries } = await waiting();
    await work();
    lane.ready('net/enlisted/@bob:hs.test' as VoiceId);
    await work();
    expect(tries()).toBe(1);
    lane.ready(row.id);
    await work();
    expect(tries()).toBe(2);
  });

  it('lets nothing of somebody who is held back pass itself, and lets others pass', async () => {
    const { work, taken } = await holdingBack(
      [{ sender: ann }, { sender: ann }, { sender: bob }],
      1,
    );
    expect(await work()).toEqual({ waitMs: 1_000 });
    expect(taken).toEqual([bob]);
    await work();
    expect(taken).toEqual([bob, ann, ann]);
  });

  it('comes to what others say, however much waits of somebody who is held back', async () => {
    const said = Array.from({ length: 1_200 }, () => ({ sender: ann }));
    const { work, taken } = await holdingBack([...said, { sender: bob }]);
    await work();
    expect(taken).toEqual([bob]);
  });

  it('keeps a reaction behind what it is about, where that is not even read', async () => {
    const said = Array.from({ length: 100 }, () => ({ sender: ann }));
    const relation = { rel_type: 'm.annotation', event_id: '$99', key: '👍' };
    const more = { type: 'm.reaction', content: { 'm.relates_to': relation } };
    const { work, taken } = await holdingBack([...said, { sender: bob, more }], 1);
    expect(await work()).toEqual({ waitMs: 1_000 });
    expect(taken).toEqual([]);
    await work();
    expect(taken).toEqual([...said.map(() => ann), bob]);
  });
});
