import { describe, expect, it, vi } from 'vitest';
import { awayLine } from '../../../bridges/irc/away.ts';
import { EnlistedSession } from '../../../bridges/irc/session.ts';
import { memoryDisk } from '../../../src/testing/index.ts';
import { openOn } from './bench.ts';
import { enter, listening, serve } from './listening.ts';

describe('awayLine', () => {
  it('is one line with some word in it, or none', () => {
    expect(awayLine('at\nlunch')).toBe('AWAY :at lunch');
    expect(awayLine('')).toBe('AWAY Away');
    expect(awayLine(undefined)).toBe('AWAY');
    expect(awayLine('é'.repeat(200))).toBe(`AWAY ${'é'.repeat(100)}`);
  });
});

describe('who is away in Matrix', () => {
  it('is so on IRC when their client says it, if the config says so', async () => {
    const { enlist, server } = await listening({}, undefined, {}, { awayFromMatrix: true });
    const ann = await enlist('ann');
    for (const words of ['lunch', 'lunch', undefined]) ann.away?.(words);
    await vi.waitFor(() =>
      expect(server.client('ann[m]').sent('AWAY')).toEqual(['AWAY lunch', 'AWAY']),
    );
  });

  it('is so by a word of their own, that holds over a start, whatever their client says', async () => {
    const server = await serve();
    const disk = memoryDisk();
    const options = { awayFromMatrix: true };
    const first = await openOn(server.port, options, { disk });
    const ann = await first.enlist('ann');
    if (ann instanceof EnlistedSession) await ann.absence.say('on holiday');
    await first.close();
    const second = await openOn(server.port, options, { disk });
    (await second.enlist('ann')).away?.(undefined);
    await vi.waitFor(() =>
      expect(server.client('ann[m]').sent('AWAY')).toEqual(['AWAY :on holiday']),
    );
  });
});

describe('who is away on IRC', () => {
  it('is asked of the server by the bot alone, and only where somebody wants to know', async () => {
    const caps = ['away-notify', 'server-time'];
    const told = await listening({ caps }, undefined, {}, { awayToMatrix: true });
    await told.enlist('ann');
    expect(told.bot.caps.has('away-notify')).toBe(true);
    expect(told.server.client('ann[m]').caps.has('away-notify')).toBe(false);
    const untold = await listening({ caps });
    expect(untold.bot.caps.has('away-notify')).toBe(false);
  });

  it('is told, where the config says so, but for voices', async () => {
    const { server, bot, hints, enlist } = await listening(
      {},
      undefined,
      {},
      { awayToMatrix: true },
    );
    const bob = await enter(server, 'bob');
    await enlist('ann');
    bot.say(`:${server.client('ann[m]').mask} AWAY :gone`);
    bot.say(`:${bob.mask} AWAY :lunch`);
    bot.say(`:${bob.mask} AWAY`);
    await vi.waitFor(() =>
      expect(hints).toEqual([
        { kind: 'presence', sender: 'bob', forMs: 0, away: 'lunch' },
        { kind: 'presence', sender: 'bob', forMs: 0 },
      ]),
    );
  });
});
