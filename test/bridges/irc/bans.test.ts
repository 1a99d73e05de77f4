import { describe, expect, it, vi } from 'vitest';
import { meantBy } from '../../../bridges/irc/bans.ts';
import { memoryDisk } from '../../../src/testing/index.ts';
import { chat, openOn, shown } from './bench.ts';
import { listening, serve } from './listening.ts';

describe('meantBy', () => {
  const people = [
    { nick: 'Bob', mask: 'b@home.test' },
    { nick: 'Cyd', mask: 'c@home.test' },
    { nick: 'Dan', mask: 'd@x.test' },
    { nick: 'Eve' },
  ];
  const meant = (mask: string) => meantBy(mask, people, (name) => name.toLowerCase())?.nick;

  it.each([
    ['bob!*@*', 'Bob'],
    ['d*!*@X.test', 'Dan'],
    ['d??!?@x.test', 'Dan'],
    ['zoe!*@*', 'zoe'],
    ['eve!*@*', 'Eve'],
    ['?an!*@x.test', 'Dan'],
  ])('%s means %s', (mask, nick) => expect(meant(mask)).toBe(nick));

  it.each([
    ['several', '*!*@home.test'],
    ['everybody', '*!*@*'],
    ['nobody who is there', '*!*@elsewhere.test'],
    ['another of that name', 'bob!*@elsewhere.test'],
    ['one whose address is not known', 'eve!*@x.test'],
    ['perhaps two, as of one the address is not known', '*!*@x.test'],
    ['an account', '$a:bob'],
    ['a ban of another kind', 'm:bob!*@*'],
    ['no mask', 'bob'],
    ['a regular expression', '.*!.*@.*'],
  ])('nobody is meant by %s: %s', (_, mask) => expect(meant(mask)).toBeUndefined());
});

describe('a ban on a channel', () => {
  const options = { bansToMatrix: true };

  it('bans the one whom it means, and its lifting the same, also after a start', async () => {
    const server = await serve();
    const disk = memoryDisk();
    const first = await openOn(server.port, options, { disk });
    await first.watch();
    const bot = server.client('drawbridge');
    bot.say(':bob!b@home.test JOIN #a');
    bot.say(':op!o@h MODE #a +bv *!*@home.test drawbridge');
    bot.say(':bob!b@home.test PART #a');
    await vi.waitFor(() =>
      expect(shown(first.emitted)).toEqual(['bob in', 'bob banned by op', 'bob out']),
    );
    await first.close();
    const second = await openOn(server.port, options, { disk });
    await second.watch();
    server.client('drawbridge').say(':op!o@h MODE #a -bb other!*@* *!*@home.test');
    await vi.waitFor(() => expect(shown(second.emitted).at(-1)).toBe('bob unbanned by op'));
  });

  it('of a voice of ours, or by one, is not told', async () => {
    const { bot, enlist, signal, heard } = await listening({}, undefined, {}, options);
    await (await enlist('ann')).join?.(chat, signal);
    bot.say(':op!o@h MODE #a +b ann[m]!*@*');
    bot.say(':ann[m]!~voice-ann@client.test MODE #a +b bob!*@*');
    bot.say(':cyd!c@h JOIN #a');
    await heard('cyd in');
  });

  it('is the channel`s own business, if nobody wants it otherwise', async () => {
    const { bot, heard } = await listening();
    bot.say(':op!o@h MODE #a +b bob!*@*');
    bot.say(':cyd!c@h JOIN #a');
    await heard('cyd in');
  });
});

describe('an invitation', () => {
  it('of a voice is told, where the channel is bridged', async () => {
    const { server, enlist, heard } = await listening();
    await enlist('ann');
    const ann = server.client('ann[m]');
    ann.say(':bob!b@h INVITE ann[m] #a');
    await heard('voice-ann invited by bob');
    ann.say(':bob!b@h INVITE ann[m] #other');
    await vi.waitFor(() =>
      expect(ann.sent('NOTICE')).toEqual(['NOTICE bob :#other is not bridged to Matrix.']),
    );
  });

  it('lets the bot in at once that was kept out', async () => {
    let isOpen = false;
    const server = await serve({
      deal: (client, command, [name]) => {
        if (command !== 'JOIN' || isOpen) return false;
        client.say(`:s 473 ${client.nick} ${name} :Cannot join`);
        return true;
      },
    });
    const opened = await openOn(server.port);
    await expect(opened.watch()).rejects.toMatchObject({ code: 'not_allowed' });
    isOpen = true;
    const bot = server.client('drawbridge');
    bot.say(':bob!b@h INVITE drawbridge #a');
    await vi.waitFor(() => expect(bot.channels).toContain('#a'));
  });
});
