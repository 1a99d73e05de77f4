import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import type { NetworkSession } from '../../../src/adapter/session.ts';
import type { Context } from '../../../src/engine/context.ts';
import { JoinRules } from '../../../src/engine/join-rules.ts';
import { createKeys } from '../../../src/engine/keys.ts';
import { PortalLane } from '../../../src/engine/portal-lane.ts';
import { parse } from '../../../src/matrix/events/parse.ts';
import { remoteChatId, type VoiceId } from '../../../src/model/remote-ids.ts';
import { noMetrics } from '../../../src/ports/metrics.ts';
import type { Storage, VoiceRow } from '../../../src/ports/store.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const ann = '@ann:hs.test';
const row: VoiceRow = {
  ...{ id: `net/enlisted/${ann}` as VoiceId, network: 'net', kind: 'enlisted' },
  ...{ userId: ann, isOut: true },
};

let storage: Storage;
afterEach(() => storage.close());

/** A message of Ann on its way to a network that refuses each one, but tells of every try. */
async function waiting() {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  const portal = await storage.portals.link({
    ...{ network: 'net', chat: remoteChatId('town'), roomId: '!r' },
    ...{ ownsRoom: false, origin: 'command' },
  });
  await storage.voices.save(row);
  const event = {
    ...{ event_id: '$1', room_id: '!r', sender: ann, type: 'm.room.message' },
    content: { msgtype: 'm.text', body: 'hi' },
  };
  const known = { id: '$1', roomId: '!r', json: JSON.stringify(event) } as const;
  await storage.journal.commit([
    { kind: 'matrix-events', atMs: 0, events: [known] },
    { kind: 'deliveries', of: '$1', portals: [portal.id] },
  ]);
  let tries = 0;
  const send = async () => {
    tries += 1;
    throw new BridgeError('unreachable', 'away', { effect: 'none' });
  };
  const session = { on: { message: { send } } } as unknown as NetworkSession;
  const clock = fakeClock();
  const context = {
    ...{ storage, clock, log: () => {}, keys: createKeys(randomBytes(32)), networks: [] },
    ...{ matrix: { parse }, metrics: noMetrics, maxAgeMs: 3_600_000, maxAgeLoggedOutMs: 3_600_000 },
  } as unknown as Context;
  const lane = new PortalLane(context, {
    voices: { pick: async () => row, inChat: async () => session } as never,
    speakers: { of: async () => ({ userId: ann, displayName: 'Ann' }), forget: () => {} },
    rules: new JoinRules([]),
    ended: () => {},
    retrying: () => {},
  });
  return { lane, work: () => lane.work(portal.id), tries: () => tries };
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
});
