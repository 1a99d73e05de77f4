import { describe, expect, it, vi } from 'vitest';
import { type LinkWish, remoteChatId } from '../../../src/adapter/index.ts';
import { fakeClock } from '../../../src/testing/index.ts';
import { speaker } from './bench.ts';
import { enter, listening } from './listening.ts';
import type { Script } from './scripted-server.ts';

const inn = remoteChatId('#inn');
const wish: LinkWish = {
  chat: inn,
  asker: speaker,
  room: { id: '!r:hs', name: 'The\r\nInn' },
  forMs: 300_000,
};

/** A bot on a server that says of `#inn` what stands in `names` at that moment. */
async function asking(clock = fakeClock()) {
  const now = { names: '' };
  const deal: Script['deal'] = (client, command, [channel]) => {
    if (command !== 'NAMES') return false;
    client.say(`:s 353 ${client.nick} = ${channel} :${now.names}`);
    client.say(`:s 366 ${client.nick} ${channel} :End`);
    return true;
  };
  const options = { askChannelOperators: true, pingIntervalMs: 10_000_000 };
  const opened = await listening({ deal }, undefined, { clock }, options);
  const boss = await enter(opened.server, 'boss');
  now.names = `+bob @${boss.mask} @ChanServ`;
  const { bot } = opened;
  let ended = new AbortController();
  const ask = (more: Partial<LinkWish> = {}) =>
    opened.network.askToLink?.({ ...wish, ...more }, ended.signal);
  /** Resolves once the operator has read it. */
  async function asked() {
    const question = await ask();
    await vi.waitFor(() => expect(code()).toBeDefined());
    return question;
  }
  function end() {
    ended.abort();
    ended = new AbortController();
  }
  const told = () => bot.sent('PRIVMSG boss ');
  let said = 0;
  /** Resolves once the bot has heard it. */
  async function say(text: string, mask = boss.mask) {
    bot.say(`:${mask} PRIVMSG drawbridge :${text}`);
    bot.say(`PING :said${++said}`);
    await vi.waitFor(() => expect(bot.sent('PONG')).toContain(`PONG said${said}`));
  }
  const code = () => /“yes (\d+)”/.exec(told().at(-1) ?? '')?.[1];
  return { ...opened, now, clock, boss, bot, ask, asked, told, say, code, end };
}

/** What the answer is by now. */
const sofar = (answer: Promise<string> | undefined) => Promise.race([answer, 'open']);

describe('an operator of a channel', () => {
  it('is asked who wants which room, in lines that nobody else can write', async () => {
    const { ask, told } = await asking();
    expect(await ask()).toMatchObject({ whom: 'boss' });
    await vi.waitFor(() => expect(told()).toHaveLength(2));
    expect(told()).toEqual([
      'PRIVMSG boss :Ann (@ann:example.org) asks to bridge #inn to the room “The Inn” on Matrix (!r:hs): what is said in either is seen in the other then.',
      expect.stringMatching(
        /^PRIVMSG boss :Say “yes \d{4}” to allow it, or “no”\. Without an answer within 5 minutes it is not bridged\.$/,
      ),
    ]);
  });

  it('says yes with its code, and no other word is one', async () => {
    const { asked, say, code, boss } = await asking();
    const question = await asked();
    for (const words of ['yes', 'yes 1', 'what?', `of course yes ${code()}`, `yes${code()}`])
      await say(words);
    await say(`yes ${code()}`, boss.mask.replace('boss', 'bess'));
    expect(await sofar(question?.answer)).toBe('open');
    await say(`“YES ${code()}”`);
    expect(await question?.answer).toBe('yes');
  });

  it('says no without it', async () => {
    const { asked, say, bot } = await asking();
    const question = await asked();
    await say('No, thanks');
    expect(await question?.answer).toBe('no');
    await vi.waitFor(() =>
      expect(bot.sent('NOTICE boss')).toEqual(['NOTICE boss :#inn is not bridged.']),
    );
  });

  it.each([
    ['an operator', 'boss'],
    ['of the host that is', '@boss!~other@host'],
    ['there', '@bob'],
  ])('decides nothing who is not %s any more', async (_, names) => {
    const { asked, say, code, now } = await asking();
    const question = await asked();
    now.names = names;
    await say(`yes ${code()}`);
    expect(await question?.answer).toBe('not-theirs');
  });

  it('is one of those who are there, or the one that the asker names', async () => {
    const { ask, now } = await asking();
    now.names = '@ChanServ @drawbridge +bob';
    await expect(ask()).rejects.toMatchObject({
      code: 'not_allowed',
      words: 'no operator of #inn is there',
    });
    now.names = '@ann @BOB +carol';
    await expect(ask({ whom: 'carol' })).rejects.toMatchObject({
      words: 'carol is no operator of #inn',
    });
    expect(await ask({ whom: 'bob' })).toMatchObject({ whom: 'BOB' });
  });

  it('may be an owner, of whom only that is shown', async () => {
    const { ask, now, server } = await asking();
    server.client('drawbridge').say(':s 005 drawbridge PREFIX=(qohv)~@%+ :are supported');
    now.names = '%half ~owner +voiced';
    expect(await ask()).toMatchObject({ whom: 'owner' });
    now.names = '%half @op +voiced';
    expect(await ask()).toMatchObject({ whom: 'op' });
    await expect(ask({ whom: 'half' })).rejects.toMatchObject({ code: 'not_allowed' });
  });

  it('is asked one thing at a time, and not too often', async () => {
    const { ask, say, end, clock } = await asking();
    const enough = { words: 'the operators of #inn were asked enough lately' };
    await ask();
    await expect(ask()).rejects.toMatchObject(enough);
    end();
    for (let n = 0; n < 2; n++) {
      await ask();
      end();
    }
    await expect(ask()).rejects.toMatchObject(enough);
    await clock.advance(600_000);
    await ask();
    await say('no');
  });

  it('is no longer heard once the question is over, and the bot leaves', async () => {
    const { asked, say, code, bot, end } = await asking();
    const question = await asked();
    expect(bot.channels).toContain('#inn');
    end();
    await vi.waitFor(() => expect(bot.channels).not.toContain('#inn'));
    await say(`yes ${code()}`);
    expect(await sofar(question?.answer)).toBe('open');
    await vi.waitFor(() =>
      expect(bot.sent('NOTICE boss').at(-1)).toMatch(/reads? no private messages/),
    );
  });
});

describe('askChannelOperators', () => {
  it('is off where nothing is said', async () => {
    const { network } = await listening();
    expect(network.askToLink).toBeUndefined();
  });
});
