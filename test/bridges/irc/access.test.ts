import { describe, expect, it, vi } from 'vitest';
import { chat } from './bench.ts';
import { listening } from './listening.ts';

/** A channel whose server is asked for its modes, and says these. */
async function access(modes: string, options: object = {}) {
  const meanings = {
    modesToMatrix: { i: 'invitation', k: 'invitation', m: 'moderated', s: 'hidden' },
  };
  const opened = await listening(
    {
      deal(client, command, [name, ...more]) {
        if (command !== 'MODE' || more.length > 0 || name !== '#a') return false;
        client.say(`:s 324 ${client.nick} #a ${modes}`);
        return true;
      },
    },
    undefined,
    {},
    { ...meanings, ...options },
  );
  const { network, signal, bot } = opened;
  const now = async () => (await network.chat?.({ chat }, signal))?.access;
  const is = (expected: object) => vi.waitFor(async () => expect(await now()).toEqual(expected));
  const says = (line: string) => bot.say(`:op!o@h MODE #a ${line}`);
  return { ...opened, now, is, says };
}

const open = { isByInvitation: false, speakingPower: 1 };

describe('the modes of a channel', () => {
  it('say who comes in and who speaks, and that it has changed', async () => {
    const { is, says, changes } = await access('+nt');
    await is(open);
    const before = changes.length;
    says('+ik key');
    await is({ ...open, isByInvitation: true });
    expect(changes.length).toBeGreaterThan(before);
    says('-i');
    await is({ ...open, isByInvitation: true });
    says('-k key');
    await is(open);
    says('+m');
    await is({ ...open, speakers: [] });
  });

  it('are read with their parameters as it comes in', async () => {
    const { is } = await access('+lkm 10 key');
    await is({ ...open, isByInvitation: true, speakers: [] });
  });

  it('say that nobody is to find it', async () => {
    const { is, says } = await access('+s');
    await is({ ...open, isHidden: true });
    says('-s');
    await is(open);
  });

  it('let the voices speak that may', async () => {
    const { is, says, enlist, signal } = await access('+m');
    await (await enlist('ann')).join?.(chat, signal);
    says('+v-o ann[m] ann[m]');
    await is({ ...open, speakers: ['voice-ann'] });
    says('-v ann[m]');
    await is({ ...open, speakers: [] });
  });

  it('are not asked for where they mean nothing', async () => {
    const { now, bot } = await access('+i', { modesToMatrix: {} });
    expect(await now()).toBeUndefined();
    expect(bot.sent('MODE')).toEqual([]);
  });
});
