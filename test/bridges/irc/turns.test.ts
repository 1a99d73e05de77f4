import { describe, expect, it, vi } from 'vitest';
import { Turns } from '../../../bridges/irc/turns.ts';
import type { VoiceId } from '../../../src/adapter/index.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';
import { openOn } from './bench.ts';
import { ScriptedServer } from './scripted-server.ts';

const voices = ['ann', 'bob', 'carl', 'dora', 'emil'] as VoiceId[];
const [ann, bob, carl] = voices as [VoiceId, VoiceId, VoiceId];

function turns(burst: number) {
  const clock = fakeClock(1_000_000);
  return { clock, turns: new Turns({ burst, intervalMs: 1_000 }, clock) };
}

describe('Turns', () => {
  it('lets some go at once and then one in each interval, in the order of asking', () => {
    const { turns: all } = turns(2);
    expect(voices.map((voice) => all.take(voice))).toEqual([0, 0, 1_000, 2_000, 3_000]);
  });

  it('keeps the place of whoever asks again, however often', async () => {
    const { turns: all, clock } = turns(1);
    expect([ann, bob, carl].map((voice) => all.take(voice))).toEqual([0, 1_000, 2_000]);
    await clock.advance(500);
    for (let times = 0; times < 10; times++) expect(all.take(carl)).toBe(1_500);
    await clock.advance(1_500);
    expect([carl, bob].map((voice) => all.take(voice))).toEqual([0, 0]);
    // Theirs was used up.
    expect(all.take(carl)).toBeGreaterThan(0);
  });

  it('keeps no place for whoever left, or does not come', async () => {
    const { turns: all, clock } = turns(1);
    for (const voice of [ann, bob, carl]) all.take(voice);
    all.leave(bob);
    expect(all.take(bob)).toBe(3_000);
    await clock.advance(63_000);
    all.pass();
    expect(all.take(carl)).toBe(1_000);
  });

  it('counts the bot, which waits for nobody', () => {
    const { turns: all } = turns(1);
    all.pass();
    expect(all.take(ann)).toBe(1_000);
    all.pass();
    expect(all.take(bob)).toBe(3_000);
  });
});

describe('a voice that is not yet to connect', () => {
  it('waits for its turn, if that is soon', async () => {
    const server = await ScriptedServer.start();
    const beganAtMs = performance.now();
    const opened = await openOn(server.port, { connectBurst: 1, connectIntervalMs: 300 });
    await opened.enlist('ann');
    expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(300);
    await opened.close();
    await server.stop();
  });

  it('is told when to come again, if that is long, and has its place then', async () => {
    const server = await ScriptedServer.start();
    const clock = fakeClock(1_000_000);
    const pace = { connectBurst: 1, connectIntervalMs: 30_000 };
    const opened = await openOn(server.port, pace, { clock });
    const told = (retryAfterMs: number) => ({ code: 'rate_limited', effect: 'none', retryAfterMs });
    await expect(opened.enlist('ann')).rejects.toMatchObject(told(30_000));
    await expect(opened.enlist('bob')).rejects.toMatchObject(told(60_000));
    await expect(opened.enlist('ann')).rejects.toMatchObject(told(30_000));
    expect(server.clients).toHaveLength(1);
    await clock.advance(30_000);
    await opened.enlist('ann');
    await vi.waitFor(() => expect(server.client('ann[m]')).toBeDefined());
    await opened.close();
    await server.stop();
  });
});
