import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BridgeError, type BridgeErrorCode } from '../../../src/adapter/errors.ts';
import type { Context } from '../../../src/engine/context.ts';
import { openLogins } from '../../../src/engine/open-logins.ts';
import { Voices } from '../../../src/engine/voices.ts';
import type { VoiceId } from '../../../src/model/remote-ids.ts';
import type { Storage, VoiceRow } from '../../../src/ports/store.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

let storage: Storage;
afterEach(() => storage.close());

const rowOf = (kind: VoiceRow['kind'], name: string): VoiceRow => ({
  id: `net/${kind}/@${name}:hs.test` as VoiceId,
  network: 'net',
  kind,
  userId: `@${name}:hs.test`,
  isOut: kind === 'login',
});

/** A start of the bridge, on a network that answers the first openings with these, or never. */
async function start(rows: readonly VoiceRow[], refusals: (BridgeErrorCode | 'never')[] = []) {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  for (const row of rows) await storage.voices.save(row);
  const clock = fakeClock();
  const opened: string[] = [];
  const network = {
    async session({ id }: { id: VoiceId }) {
      opened.push(id);
      const code = refusals.shift();
      if (code === 'never') return new Promise<never>(() => {});
      if (code) throw new BridgeError(code, 'not now', { effect: 'none' });
      return { on: { message: { send: async () => ({ ids: [] }) } }, close: async () => {} };
    },
    close: async () => {},
  };
  const optedOut = { has: () => false };
  const context = {
    ...{ storage, clock, optedOut, log: () => {} },
    networks: [],
    permission: () => 'use',
  } as unknown as Context;
  const voices = new Voices(context, () => network);
  const stopping = new AbortController();
  const done = openLogins(context, voices, 'net', stopping.signal);
  return { done, opened, clock, stop: () => stopping.abort() };
}

describe('openLogins', () => {
  it('opens every login, and no other voice', async () => {
    const logins = [rowOf('login', 'ann'), rowOf('login', 'bob')];
    const { done, opened } = await start([...logins, rowOf('enlisted', 'ann')]);
    await done;
    expect(opened).toEqual(logins.map(({ id }) => id));
  });

  it('opens others while some hang, and at last those behind too many that do', async () => {
    const logins = Array.from({ length: 7 }, (_, n) => rowOf('login', `p${n}`));
    const few = await start(logins, ['never', 'never']);
    await vi.waitFor(() => expect(few.opened).toHaveLength(7));
    few.stop();
    await storage.close();

    const many = await start(
      logins,
      Array.from({ length: 5 }, () => 'never' as const),
    );
    await many.clock.advance(120_000);
    expect(new Set(many.opened)).toEqual(new Set(logins.map(({ id }) => id)));
    many.stop();
  });

  it('tries again while the network is away', async () => {
    const ann = rowOf('login', 'ann');
    const { done, opened, clock } = await start([ann], ['unreachable', 'unreachable']);
    await clock.advance(60_000);
    await done;
    expect(opened).toEqual([ann.id, ann.id, ann.id]);
  });

  it.each(['logged_out', 'not_allowed'] as const)('leaves it at %s', async (code) => {
    const { done, opened, clock } = await start([rowOf('login', 'ann')], [code]);
    await done;
    await clock.advance(3_600_000);
    expect(opened).toHaveLength(1);
  });

  it('ends with the bridge, and once somebody has logged out', async () => {
    const away = Array.from({ length: 100 }, () => 'unreachable' as const);
    const stopped = await start([rowOf('login', 'ann')], away);
    stopped.stop();
    await stopped.done;
    await storage.close();

    const ann = rowOf('login', 'ann');
    const { done, opened, clock } = await start([ann], away);
    await clock.advance(1_000);
    const before = opened.length;
    await storage.voices.remove(ann.id);
    await clock.advance(120_000);
    await done;
    expect(opened.length).toBeLessThanOrEqual(before + 1);
  });
});
