import { expect, it, vi } from 'vitest';
import { remoteChatId } from '../../src/adapter/index.ts';
import { enter, open, patient, words } from './support/irc-bench.ts';
import { commanding } from './support/irc-command.ts';
import { ircServers } from './support/irc-servers.ts';

const { both } = await ircServers();

for (const { name, describe, serve } of both)
  describe(`commands on ${name}`, () => {
    async function scene(options: Parameters<typeof commanding>[1] = { chat: '#a' }) {
      const server = await serve();
      const bob = await enter(server, 'bob');
      const opened = await open(server.port);
      await opened.watch();
      return { server, bob, opened, ...commanding(opened, options) };
    }

    it('give a nick, that is had again after the next start', async () => {
      const { server, opened, say, letGo } = await scene();
      expect(await say('nick')).toBe('You are called ann[m].');
      expect(await say('nick annie')).toBe('You are called annie now.');
      await letGo();
      expect(await say('nick')).toBe('You are called annie.');
      await opened.close();
      const again = await open(server.port, {}, opened.disk);
      expect(await commanding(again).say('nick')).toBe('You are called annie.');
    });

    it('give no nick that somebody has, or that none can have', async () => {
      const { say } = await scene();
      expect(await say('nick bob')).toBe('bob: the nick is in use (433).');
      expect(await say('nick 1st')).toBe('1st: the network takes no such nick (432).');
      expect(await say('nick #a')).toBe('#a is no nick that this network takes.');
      expect(await say('nick')).toBe('You are called ann[m].');
    });

    it('say who somebody is, one of ours too', async () => {
      const { say, open: begin } = await scene();
      expect(await say('whois BOB')).toMatch(/^bob is ~?bob@\S+ \(bob the person\)\n/);
      expect(await say('whois bob')).toContain('is in ');
      expect(await say('whois nobody')).toMatch(
        /^nobody: there is nobody of that name \(40[16]\)\.$/,
      );
      await begin();
      expect(await say('whois ann[m]')).toContain('speaks for @ann:example.org');
    });

    it('say who is in a channel, and what it is about', async () => {
      const { bob, say } = await scene();
      bob.raw('MODE #a -t');
      expect(await say('names')).toMatch(/^In #a \(2\): (@bob, drawbridge|drawbridge, @bob)$/);
      expect(await say('names #nowhere')).toMatch(/#nowhere/);
      expect(await say('topic')).toBe('#a has no topic.');
      expect(await say('topic About  bridges')).toBe('The topic of #a is changed.');
      await bob.until(
        ({ command, params }) => command === 'TOPIC' && params[1] === 'About  bridges',
        'it',
      );
      expect(await say('topic #a')).toBe('The topic of #a: About  bridges');
      bob.raw('MODE #a +t');
      await bob.until(({ params }) => params[1] === '+t', 'a mode');
      expect(await say('topic #a mine')).toBe('#a: it is no channel operator (482).');
      expect(await say('topic #b mine')).toMatch(/^#b: .* \(4(03|42)\)\.$/);
    });

    it('bring somebody into the room of a channel, and into a private one', async () => {
      const { bob, say, invited } = await scene();
      expect(await say('join #Inn')).toBe('You are invited into the room of #Inn.');
      expect(await say('join inn')).toBe('inn is no name of a channel.');
      expect(await say('msg bob')).toBe('You are invited into a private room with bob.');
      expect(await say('msg bob psst,  you')).toBe(
        'You are invited into a private room with bob, and your words were said to them.',
      );
      await bob.until(
        ({ params }) => params[0] === 'bob' && params[1] === 'psst,  you',
        'a whisper',
      );
      expect(await say('msg nobody x')).toBe('There is nobody called nobody.');
      expect(await say('msg #a x')).toBe('#a is no nick.');
      expect(invited).toEqual(['#inn', 'bob', 'bob', 'nobody']);
    });

    it('keep away what somebody says to one alone, until they are wanted again', async () => {
      const { bob, say, opened, open: begin } = await scene();
      await begin();
      const heard = () => words(opened.emitted);
      expect(await say('ignore BOB')).toBe('You ignore BOB now.');
      expect(await say('ignore')).toBe('You ignore BOB!*@*');
      bob.say('ann[m]', 'unheard');
      bob.say('#a', 'heard by all');
      await vi.waitFor(() => expect(heard()).toEqual(['bob: heard by all']), patient);
      // By its answer everything before it has been heard.
      await say('whois bob');
      expect(await say('unignore bob')).toBe('You hear bob again.');
      bob.say('ann[m]', 'heard');
      await vi.waitFor(() => expect(heard()).toEqual(['bob: heard by all', 'bob: heard']), patient);
    });

    it('take a nick off the network', async () => {
      const { bob, say, open: begin } = await scene();
      expect(await say('quit')).toBe('You have no connection to IRC.');
      const session = await begin();
      await session.join?.('#a' as never, AbortSignal.timeout(5_000));
      expect(await say('quit')).toBe('Your connection to IRC is closed. Speak, and you are back.');
      await bob.until(({ command, nick }) => command === 'QUIT' && nick === 'ann[m]', 'a quit');
    });

    it('let an admin send a line, and keep its words out of the log', async () => {
      const { bob, say, opened } = await scene();
      expect(await say('raw PRIVMSG bob :secret  word')).toBe(
        'It was sent. The server answers nothing.',
      );
      await bob.until(({ params }) => params[1] === 'secret  word', 'a line');
      expect(await say('raw mode #nowhere')).toMatch(/^40[13] #nowhere /);
      expect(await say('raw :bob QUIT')).toMatch(/^That is no line/);
      expect(await say('raw PRIVMSG bob :x\r\nQUIT')).toBe(
        'A command is one line: no line break and no NUL.',
      );
      const lines = JSON.stringify(opened.log);
      expect(lines).toContain('A raw line is sent for an admin');
      expect(lines).not.toContain('secret');
      expect(
        opened.network.commands?.filter(({ adminsOnly }) => adminsOnly).map(({ name }) => name),
      ).toEqual(['raw']);
    });

    it('are not needed to ask for a program, the time, or whether somebody is there', async () => {
      const { bob, open: begin } = await scene();
      await begin();
      for (const nick of ['ann[m]', 'drawbridge'])
        for (const [asked, answer] of [
          ['VERSION', '\x01VERSION Drawbridge, a bridge to Matrix\x01'],
          ['PING 12', '\x01PING 12\x01'],
          ['DCC SEND x 1 2 3', 'I am on a bridge, which cannot take files or chats by DCC.'],
        ] as const) {
          bob.say(nick, `\x01${asked}\x01`);
          await bob.until(
            (line) => line.nick === nick && line.params[1] === answer,
            `${nick} to answer ${asked}`,
          );
        }
    });

    it('ask through the bot for those without a nick of their own', async () => {
      const { say } = await scene({ chat: '#a', isRelayed: true });
      expect(await say('whois bob')).toContain('bob the person');
      expect(await say('names')).toContain('drawbridge');
      expect(await say('nick bob2')).toBe('This takes a nick of your own.');
    });

    it('tell those nothing of other channels that the bot is in', async () => {
      const { server, bob, opened, say } = await scene({ chat: '#a', isRelayed: true });
      await bob.join('#secret');
      bob.raw('MODE #secret +s');
      const secret = remoteChatId('#secret');
      await opened.network.watch?.({ chat: secret }, undefined, opened.signal);
      expect(await say('names #secret')).toBe('This takes a nick of your own.');
      expect(await say('topic #secret')).toBe('This takes a nick of your own.');
      expect(await say('whois bob')).not.toContain('#secret');
      const ann = await open(server.port, { nick: 'other' });
      const own = commanding(ann, { chat: '#a' });
      expect(await own.say('names #secret')).not.toContain('bob');
    });
  });
