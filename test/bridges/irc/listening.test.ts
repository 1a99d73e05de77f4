import { describe, expect, it, vi } from 'vitest';
import { remoteMessageId } from '../../../src/adapter/index.ts';
import { fakeClock, memoryDisk } from '../../../src/testing/index.ts';
import { chat, openOn, say, shown } from './bench.ts';
import { enter, listening, serve } from './listening.ts';
import type { Script } from './scripted-server.ts';

describe('Observer', () => {
  it('tells each line once, however many voices hear it', async () => {
    const { server, enlist, signal, heard, emitted } = await listening();
    for (const name of ['ann', 'cyd']) await (await enlist(name)).join?.(chat, signal);
    server.tell('#a', '@msgid=x1;time=2026-11-21T10:00:00.123Z :bob!b@h PRIVMSG #A :hi');
    await heard('bob: hi');
    expect(emitted[0]).toMatchObject({
      chat: '#a',
      id: 'x1',
      key: 'x1',
      sentAtMs: Date.parse('2026-11-21T10:00:00.123Z'),
    });
  });

  it('tells of words, deeds and notices, and of nothing that programs say', async () => {
    const { bot, heard } = await listening();
    bot.say(':bob!b@h PRIVMSG #a :\x01ACTION waves\x01');
    bot.say(':bob!b@h PRIVMSG #a :\x01VERSION\x01');
    bot.say(':bob!b@h PRIVMSG @#a :for operators only');
    bot.say(':bob!b@h PRIVMSG #other :elsewhere');
    bot.say(':s NOTICE #a :a server speaks');
    bot.say(':bob!b@h NOTICE #a :beep');
    await heard('bob: waves', 'bob: beep');
  });

  it('knows its own lines by their key, and leaves out those without one', async () => {
    const { enlist, relay, signal, heard, bot } = await listening();
    const ann = await enlist('ann');
    await ann.join?.(chat, signal);
    await say(ann, 'one');
    await say(await relay(), 'two');
    bot.say(':ann[m]!~voice-ann@client.test PRIVMSG #a :typed by nobody');
    bot.say(':bob!b@h PRIVMSG #a :last');
    await heard(
      'ann[m]: one (echo of one/0)',
      'drawbridge: <Ann> two (echo of two/0)',
      'bob: last',
    );
  });

  it('does not take the copy of a key for an own line', async () => {
    const { bot, heard } = await listening();
    bot.say('@+drawbridge.dev/key=k/0 :mallory!m@h PRIVMSG #a :mine, I say');
    await heard('mallory: mine, I say');
  });

  it('does not take somebody for a voice who has its nick after it has left', async () => {
    const { server, enlist, signal, heard, bot } = await listening();
    const ann = await enlist('ann');
    await ann.join?.(chat, signal);
    const { mask } = server.client('ann[m]');
    await ann.close();
    bot.say(`:${mask} QUIT :Leaving`);
    bot.say(':ann[m]!~mallory@evil.test JOIN #a');
    bot.say('@+drawbridge.dev/key=k/0 :ann[m]!~mallory@evil.test PRIVMSG #a :hi');
    await heard('ann[m] in', 'ann[m]: hi');
  });

  it('tells who comes and goes, but not of voices', async () => {
    const { server, enlist, signal, heard, bot } = await listening();
    const ann = await enlist('ann');
    await ann.join?.(chat, signal);
    bot.say(':bob!b@h JOIN :#a');
    bot.say(':bob!b@h JOIN :#a');
    bot.say(':cyd!c@h JOIN :#a');
    bot.say(':bob!b@h PART #a :bye');
    bot.say(':bob!b@h PART #a :bye');
    bot.say(':cyd!c@h QUIT :gone');
    await ann.leave?.(chat, signal);
    await ann.close();
    await vi.waitFor(() => expect(server.isTaken('ann[m]')).toBe(false));
    bot.say(':ann[m]!~voice-ann@client.test QUIT :Leaving');
    bot.say(':dan!d@h JOIN :#a');
    await heard('bob in', 'cyd in', 'bob out', 'cyd out', 'dan in');
  });

  it('waits for those whom a netsplit took away, and tells of who does not come back', async () => {
    const clock = fakeClock();
    const { bot, heard, network } = await listening(
      {},
      undefined,
      { clock },
      { splitPatienceMs: 30_000 },
    );
    for (const nick of ['bob', 'cyd', 'dan', 'eve']) bot.say(`:${nick}!x@h JOIN :#a`);
    for (const nick of ['bob', 'cyd', 'dan'])
      bot.say(`:${nick}!x@h QUIT :hub.irc.test leaf.irc.test`);
    bot.say(':eve!x@h QUIT :Quit: hub.irc.test leaf.irc.test');
    bot.say(':Bob!x@h JOIN :#a');
    bot.say(':Bob!x@h PRIVMSG #a :back');
    const came = ['bob in', 'cyd in', 'dan in', 'eve in'];
    await heard(...came, 'eve out', 'bob: back');
    const members = async () =>
      (await network.chat?.({ chat }, new AbortController().signal))?.members;
    expect([...((await members()) ?? [])].sort()).toEqual(['bob', 'cyd', 'dan']);

    await clock.advance(29_999);
    bot.say(':dan!x@h JOIN :#a');
    bot.say(':dan!x@h PRIVMSG #a :I too');
    await heard(...came, 'eve out', 'bob: back', 'dan: I too');
    await clock.advance(1);
    await heard(...came, 'eve out', 'bob: back', 'dan: I too', 'cyd out');
    expect([...((await members()) ?? [])].sort()).toEqual(['bob', 'dan']);
  });

  it('tells of a new nick as of one that goes and one that comes', async () => {
    const { bot, heard } = await listening();
    bot.say(':bob!b@h JOIN :#a');
    bot.say(':bob!b@h NICK Bob');
    bot.say(':Bob!b@h NICK :robert');
    bot.say(':robert!b@h PRIVMSG #a :me again');
    await heard('bob in', 'bob out', 'robert in', 'robert: me again');
  });

  it('tells who kicked whom, and which voice', async () => {
    const { enlist, signal, heard, bot, emitted } = await listening();
    await (await enlist('ann')).join?.(chat, signal);
    bot.say(':bob!b@h JOIN :#a');
    bot.say(':op!o@h KICK #a bob :spam');
    bot.say(':op!o@h KICK #a ann[m] :you too');
    await heard('bob in', 'bob out by op', 'voice-ann out by op');
    expect(emitted.at(-1)).toMatchObject({ who: 'ann[m]', voice: 'voice-ann', reason: 'you too' });
  });

  it('leaves it to the room of the kicker when one voice kicks another', async () => {
    const { enlist, signal, heard, bot } = await listening();
    for (const name of ['ann', 'cyd']) await (await enlist(name)).join?.(chat, signal);
    bot.say(':bob!b@h JOIN :#a');
    bot.say(':cyd[m]!~cyd@client.test KICK #a ann[m] :x');
    bot.say(':cyd[m]!~cyd@client.test KICK #a bob :x');
    await heard('bob in', 'bob out');
  });

  it('comes back when it is kicked, and says that something may be missing', async () => {
    const clock = fakeClock();
    const { bot, heard } = await listening({}, undefined, { clock });
    bot.channels.delete('#a');
    bot.say(':op!o@h KICK #a drawbridge :away');
    bot.say(':bob!b@h PRIVMSG #a :unheard');
    await vi.waitFor(async () => {
      await clock.advance(1_000);
      expect(bot.sent('JOIN')).toHaveLength(2);
    });
    await heard('hole');
  });

  it('knows topic and members of a channel, its voices left out', async () => {
    const server = await serve();
    await enter(server, 'Bob');
    const opened = await openOn(server.port);
    await opened.watch();
    const bot = server.client('drawbridge');
    await (await opened.enlist('ann')).join?.(chat, opened.signal);
    bot.say(':Bob!b@h TOPIC #a :About bridges');
    await vi.waitFor(async () =>
      expect(await opened.network.chat?.({ chat }, opened.signal)).toEqual({
        kind: 'group',
        name: '#a',
        topic: 'About bridges',
        members: ['bob'],
        powers: new Map([['bob', 50]]),
      }),
    );
    expect(await opened.network.user?.('bob' as never, opened.signal)).toEqual({ name: 'Bob' });
  });

  it('passes on who types', async () => {
    const { bot, hints } = await listening();
    bot.say('@+typing=active :bob!b@h TAGMSG #a');
    await vi.waitFor(() => expect(hints).toMatchObject([{ sender: 'bob', forMs: 6_000 }]));
  });

  it('says why it cannot listen, and tries again later', async () => {
    let isClosed = true;
    const deal: Script['deal'] = (client, command, [name]) => {
      if (command !== 'JOIN' || !isClosed) return false;
      client.say(`:s 473 ${client.nick} ${name} :invite only`);
      return true;
    };
    const server = await serve({ deal });
    const clock = fakeClock();
    const opened = await openOn(server.port, {}, { clock });
    await expect(opened.watch()).rejects.toMatchObject({
      code: 'not_allowed',
      message: '#a: the channel is by invitation only (473)',
    });
    isClosed = false;
    await vi.waitFor(async () => {
      await clock.advance(1_000);
      expect(server.client('drawbridge').channels).toContain('#a');
    });
  });

  it('has a hole from where it may have been in a channel, if it ended before it knew', async () => {
    const disk = memoryDisk();
    const deal: Script['deal'] = ({ channels }, command) => {
      if (command === 'JOIN') channels.add('#a');
      return channels.has('#a');
    };
    const server = await serve({ deal });
    const first = await openOn(server.port, {}, { disk });
    const entering = first.watch()?.catch(() => {});
    await vi.waitFor(() => expect(server.client('drawbridge').channels).toContain('#a'));
    const last = { values: new Map(disk.values), events: [] };
    await first.close();
    await entering;

    server.script = { caps: server.script.caps ?? [] };
    const second = await openOn(server.port, {}, { disk: last });
    await second.watch();

    await vi.waitFor(() => expect(shown(second.emitted)).toEqual(['hole']));
  });

  it('has no hole where it was not let in', async () => {
    const disk = memoryDisk();
    const deal: Script['deal'] = (client, command, [name]) => {
      if (command === 'JOIN') client.say(`:s 473 ${client.nick} ${name} :invite only`);
      return command === 'JOIN';
    };
    const server = await serve({ deal });
    const first = await openOn(server.port, {}, { disk });
    await expect(first.watch()).rejects.toThrow();
    await first.close();

    server.script = { caps: server.script.caps ?? [] };
    const second = await openOn(server.port, {}, { disk });
    await second.watch();

    await second.close();
    expect(second.emitted).toEqual([]);
  });

  it('joins many channels with few lines', async () => {
    const server = await serve();
    const opened = await openOn(server.port);
    const views = Array.from({ length: 25 }, (_, n) => ({ chat: `#c${n}` as typeof chat }));
    await Promise.all(views.map((view) => opened.network.watch?.(view, undefined, opened.signal)));
    const bot = server.client('drawbridge');
    expect(bot.channels.size).toBe(25);
    expect(bot.sent('JOIN').length).toBeLessThan(6);
  });

  it('opens a channel with its key, whichever way its name is written, for voices as well', async () => {
    const options = { channelKeys: { '#A': 'sesame' } };
    const { bot, server, enlist, signal } = await listening({}, undefined, {}, options);
    await (await enlist()).join?.(chat, signal);
    expect(bot.sent('JOIN')).toEqual(['JOIN #a sesame']);
    expect(server.client('ann[m]').sent('JOIN')).toEqual(['JOIN #a sesame']);
  });

  it('leaves a channel that is no longer watched, and tells nothing more of it', async () => {
    const { network, bot, emitted } = await listening();
    await network.unwatch?.({ chat });
    bot.say(':bob!b@h PRIVMSG #a :too late');
    await vi.waitFor(() => expect(bot.sent('PART')).toEqual(['PART #a']));
    await network.resolve?.('bob', AbortSignal.timeout(5_000));
    expect(emitted).toEqual([]);
  });

  it('stops listening, and says so, when nothing can be stored', async () => {
    const { bot, breakStorage, standings, attempts } = await listening();
    breakStorage(new Error('the disk is full'));
    bot.say(':bob!b@h PRIVMSG #a :one');
    bot.say(':bob!b@h PRIVMSG #a :two');
    await vi.waitFor(() => expect(bot.isGone).toBe(true));
    expect(shown(attempts.flat())).toEqual(['bob: one']);
    expect(standings.at(-1)?.standing).toMatchObject({ is: 'failed', error: { code: 'protocol' } });
  });
});

describe('a past that the server tells on a join', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString();
  const line = (second: number, source: string, more = '') =>
    `@time=${at(second)};msgid=m${second}${more} :${source} PRIVMSG #a :${second}`;
  const newest = { id: remoteMessageId('m1'), atMs: Date.parse(at(1)) };

  it('is told from where the core knows it', async () => {
    const history = [1, 2, 3].map((second) => line(second, 'bob!b@h'));
    const { heard, bot } = await listening({ history }, newest);
    bot.say(':bob!b@h PRIVMSG #a :now');
    await heard('bob: 2', 'bob: 3', 'bob: now');
  });

  it('has a hole where the server tells none', async () => {
    const { heard, bot, emitted } = await listening({}, newest);
    bot.say(':bob!b@h PRIVMSG #a :now');
    await heard('hole', 'bob: now');
    expect(emitted[0]).toMatchObject({ kind: 'hole', chat, sinceMs: newest.atMs });
  });

  it('knows lines of voices that are not open yet, but takes nobody else for one', async () => {
    const server = await serve();
    const first = await openOn(server.port);
    await first.watch();
    await (await first.enlist('ann')).join?.(chat, first.signal);
    await vi.waitFor(() => {
      const rows = [...first.disk.values.values()].map(String);
      expect(rows.some((row) => row.includes('~voice-ann@client.test'))).toBe(true);
    });
    await first.close();
    const key = ';+drawbridge.dev/key=k';
    server.script = {
      ...server.script,
      history: [
        line(1, 'bob!b@h'),
        line(2, 'ann[m]!~voice-ann@client.test', `${key}2`),
        line(3, 'ann[m]!~voice-ann@client.test'),
        line(4, 'ann[m]!~mallory@evil.test', `${key}2`),
      ],
    };
    const second = await openOn(server.port, {}, { disk: first.disk });
    await second.watch(newest);
    await vi.waitFor(() =>
      expect(shown(second.emitted)).toEqual(['ann[m]: 2 (echo of k2)', 'ann[m]: 4']),
    );
  });
});
