import { describe, expect, it } from 'vitest';
import { BridgeError, type BridgeErrorCode } from '../../../src/adapter/errors.ts';
import { ConnectionNotices } from '../../../src/engine/connection-notices.ts';
import type { Context } from '../../../src/engine/context.ts';
import { createKeys } from '../../../src/engine/keys.ts';
import type { VoiceId } from '../../../src/model/remote-ids.ts';
import { MatrixError, type SendRequest } from '../../../src/ports/matrix.ts';
import type { VoiceRow } from '../../../src/ports/store.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const MINUTE = 60_000;
const BOT = '@bot:hs';
const row = (network = 'net', name = 'ann'): VoiceRow => ({
  id: `${network}/${name}` as VoiceId,
  ...{ network, kind: 'enlisted', userId: `@${name}:hs`, isOut: true },
});
const down = (code: BridgeErrorCode = 'unreachable', words?: string) => ({
  is: 'failed' as const,
  error: new BridgeError(code, 'socket 7', { effect: 'none', ...(words && { words }) }),
});
const up = { is: 'ready' } as const;
const away = (kind: 'away' | 'refused') => new MatrixError(kind, 'away', { endpoint: 'PUT' });

/** Ann and Bob each spoke to the bot in private. What is said is `room: text`, with `*` for an edit. */
function telling() {
  const kept = new Map<string, Uint8Array>();
  for (const name of ['ann', 'bob']) kept.set(`private/@${name}:hs`, Buffer.from(`!${name}`));
  const clock = fakeClock(1_000_000);
  const said: string[] = [];
  const log: string[] = [];
  const state: { members: string[]; isEncrypted: boolean; failure?: MatrixError | undefined } = {
    members: ['@ann:hs', '@bob:hs', BOT],
    isEncrypted: false,
  };
  const start = () =>
    new ConnectionNotices({
      ...{
        clock,
        keys: createKeys(new Uint8Array(32)),
        log: (_: string, text: string) => log.push(text),
      },
      networks: [
        { id: 'net', displayName: 'Net', connectionNotices: true },
        { id: 'two', displayName: 'Two', connectionNotices: true },
        { id: 'mute', displayName: 'Mute' },
      ],
      storage: {
        portals: { ofRoom: async () => [] },
        state: { get: async (_: string, __: undefined, key: string) => kept.get(key) },
        journal: {
          async commit([{ change }]: [{ change: { key: string; value: Uint8Array | null } }]) {
            if (change.value) kept.set(change.key, change.value);
            else kept.delete(change.key);
          },
        },
      },
      matrix: {
        bot: BOT,
        joinedMembers: async (room: string) =>
          state.members
            .filter((user) => user === BOT || user.includes(room.slice(1)) || user === '@eve:hs')
            .map((userId) => ({ userId })),
        isEncrypted: async () => state.isEncrypted,
        async send({ roomId, content }: SendRequest) {
          if (state.failure) throw state.failure;
          if (content.kind !== 'notice') return '$0';
          said.push(`${roomId}${content.replaces ? ` *${content.replaces}` : ''}: ${content.text}`);
          return `$${said.length}`;
        },
      },
    } as unknown as Context);
  return { start, notices: start(), clock, said, log, state, kept };
}

const DOWN = '!ann: Your connection to Net is down: the network cannot be reached.';

describe('ConnectionNotices', () => {
  it('say that a connection is down, and why, once that lasts', async () => {
    const { notices, clock, said } = telling();
    notices.heard(row(), down());
    await clock.advance(9_999);
    expect(said).toEqual([]);
    await clock.advance(1);
    expect(said).toEqual([DOWN]);
    notices.heard(row(), down('not_allowed'));
    await clock.advance(MINUTE);
    expect(said).toHaveLength(1);
  });

  it('say nothing of what is over soon, however often', async () => {
    const { notices, clock, said } = telling();
    for (let n = 0; n < 20; n++) {
      notices.heard(row(), down());
      await clock.advance(9_000);
      notices.heard(row(), up);
      await clock.advance(9_000);
    }
    await clock.advance(MINUTE);
    expect(said).toEqual([]);
  });

  it('say nothing of a connection that comes up, nor that somebody waits for their turn', async () => {
    const { notices, clock, said } = telling();
    notices.heard(row(), down('rate_limited'));
    await clock.advance(MINUTE);
    notices.heard(row(), up);
    await clock.advance(MINUTE);
    expect(said).toEqual([]);
  });

  it('have one notice in ten minutes, which is edited, for each network', async () => {
    const { notices, clock, said } = telling();
    for (const standing of [down(), up, down(), up]) {
      notices.heard(row(), standing);
      await clock.advance(MINUTE);
    }
    notices.heard(row('two'), down());
    await clock.advance(7 * MINUTE);
    notices.heard(row(), down());
    await clock.advance(MINUTE);
    expect(said).toEqual([
      DOWN,
      '!ann *$1: Your connection to Net is back.',
      DOWN.replace('!ann', '!ann *$1'),
      '!ann *$1: Your connection to Net is back.',
      '!ann: Your connection to Two is down: the network cannot be reached.',
      DOWN,
    ]);
  });

  it('say that it is back also after a start', async () => {
    const { notices, start, clock, said } = telling();
    notices.heard(row(), down());
    await clock.advance(MINUTE);
    start().heard(row(), up);
    await clock.advance(MINUTE);
    expect(said).toEqual([DOWN, '!ann *$1: Your connection to Net is back.']);
  });

  it.each([
    [down('not_allowed', 'you are banned'), 'you are banned'],
    [down('not_allowed'), 'you are not let in'],
    [down('logged_out'), 'you are not logged in there'],
    [down('protocol'), 'there is an error in the bridge'],
  ])('say why in words for people: %#', async (standing, words) => {
    const { notices, clock, said } = telling();
    notices.heard(row(), standing);
    await clock.advance(MINUTE);
    expect(said).toEqual([`!ann: Your connection to Net is down: ${words}.`]);
  });

  it('are for those who have a voice of their own, where the config wants it', async () => {
    const { notices, clock, said } = telling();
    notices.heard(row('mute'), down());
    notices.heard({ ...row(), kind: 'relay' }, down());
    notices.heard(row('net', 'carol'), down());
    notices.heard(row('net', 'bob'), down());
    await clock.advance(MINUTE);
    expect(said).toEqual([DOWN.replace('!ann', '!bob')]);
  });

  it.each([
    ['others can read it', { members: ['@ann:hs', '@eve:hs', BOT] }],
    ['the room is encrypted', { isEncrypted: true }],
  ])('are not said where %s', async (_, change) => {
    const { notices, clock, said, state } = telling();
    Object.assign(state, change);
    notices.heard(row(), down());
    await clock.advance(MINUTE);
    expect(said).toEqual([]);
  });

  it('are said once the homeserver is back, and given up where it refuses', async () => {
    const { notices, clock, said, state, log } = telling();
    state.failure = away('away');
    notices.heard(row(), down());
    await clock.advance(MINUTE);
    state.failure = undefined;
    await clock.advance(MINUTE);
    expect(said).toEqual([DOWN]);
    expect(log).toContain('Somebody was not told how their connection stands');
    state.failure = away('refused');
    notices.heard(row('two'), down());
    await clock.advance(MINUTE);
    expect(clock.waiting).toBe(0);
  });

  it('leave nothing to be said by a stop, nor of a voice that is given up', async () => {
    const { notices, clock, said, kept } = telling();
    notices.heard(row('two'), down());
    notices.stop('two');
    notices.heard(row(), down());
    await clock.advance(MINUTE);
    expect(said).toEqual([DOWN]);
    await notices.forget(row().id);
    expect([...kept.keys()]).toEqual(['private/@ann:hs', 'private/@bob:hs']);
  });
});
