import { connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fakeClock } from '../../../src/testing/index.ts';
import { openOn } from './bench.ts';
import { type Script, ScriptedServer } from './scripted-server.ts';

/** A server on which somebody else has the nick of the bot. */
async function takenOn(script: Script) {
  const clock = fakeClock();
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server.stop());
  const socket = connect(server.port, '127.0.0.1');
  socket.write('NICK drawbridge\r\nUSER other 0 * :x\r\n');
  await vi.waitFor(() => expect(server.isTaken('drawbridge')).toBe(true));
  const opened = await openOn(server.port, { pingIntervalMs: 10_000_000 }, { clock });
  return { ...opened, clock, server, bot: server.client('drawbridge_'), other: socket };
}

describe('regain', () => {
  it('asks for the nick again now and then, until it is ours', async () => {
    const { clock, bot, other, server, standings } = await takenOn({});
    await clock.advance(120_000);
    await vi.waitFor(() => expect(bot.sent('NICK drawbridge')).toHaveLength(3));
    other.destroy();
    await vi.waitFor(() => expect(server.isTaken('drawbridge')).toBe(false));
    await clock.advance(120_000);
    await vi.waitFor(() => expect(bot.sent('NICK drawbridge')).toHaveLength(4));
    bot.say(':drawbridge_!~d@h NICK drawbridge');
    await vi.waitFor(() =>
      expect(standings.at(-1)).toMatchObject({ standing: { self: 'drawbridge' } }),
    );
    await clock.advance(1_000_000);
    expect(bot.sent('NICK drawbridge')).toHaveLength(4);
  });

  it('asks at once when the server sees that it is free', async () => {
    const { bot } = await takenOn({ isupport: ['MONITOR=30'] });
    await vi.waitFor(() => expect(bot.sent('MONITOR + drawbridge')).toHaveLength(1));
    bot.say(':s 731 drawbridge_ :drawbridge');
    await vi.waitFor(() => expect(bot.sent('NICK drawbridge')).toHaveLength(3));
  });
});
