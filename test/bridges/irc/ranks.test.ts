import { describe, expect, it, vi } from 'vitest';
import { chat } from './bench.ts';
import { enter, listening } from './listening.ts';

async function ranks(options: object = {}) {
  const opened = await listening({}, undefined, {}, options);
  const { network, signal, bot, changes } = opened;
  const powers = async () => {
    const { powers: all } = (await network.chat?.({ chat }, signal)) ?? {};
    return all && Object.fromEntries(all);
  };
  /** Once it was told that there is something new, and no more often. */
  const told = async (...lines: readonly string[]) => {
    const before = changes.length;
    for (const line of lines) bot.say(line);
    await vi.waitFor(() => expect(changes.length).toBe(before + 1));
    return powers();
  };
  return { ...opened, powers, told };
}

describe('what somebody is in a channel', () => {
  it('is told as power, by its letter, and that it has changed', async () => {
    const { told, powers } = await ranks({ powerLevels: { o: 60, v: 2 } });
    expect(await powers()).toEqual({});
    expect(await told(':op!o@h JOIN #a', ':s MODE #a +o op')).toEqual({ op: 60 });
    expect(await told(':op!o@h MODE #a +v op')).toEqual({ op: 60 });
    expect(await told(':op!o@h MODE #a -o op')).toEqual({ op: 2 });
    expect(await told(':op!o@h NICK boss')).toEqual({ boss: 2 });
  });

  it.each([
    ['leaves', ':op!o@h PART #a'],
    ['quits', ':op!o@h QUIT :bye'],
    ['is kicked', ':s KICK #a op :bye'],
  ])('is over when somebody %s', async (_, line) => {
    const { told, bot, powers } = await ranks();
    expect(await told(':op!o@h JOIN #a', ':s MODE #a +o op')).toEqual({ op: 50 });
    expect(await told(line)).toEqual({});
    bot.say(':op!o@h JOIN #a');
    await vi.waitFor(async () => expect(await powers()).toEqual({}));
  });

  it('is read from the names, and is nothing of a voice', async () => {
    const { server, enlist, signal, powers, network } = await ranks();
    await enter(server, 'bob');
    await (await enlist('ann')).join?.(chat, signal);
    await network.unwatch?.({ chat });
    await network.watch?.({ chat }, undefined, signal);
    expect(await powers()).toEqual({ bob: 50 });
  });

  it('is not told where no letter has any power', async () => {
    const { powers } = await ranks({ powerLevels: {} });
    expect(await powers()).toBeUndefined();
  });
});
