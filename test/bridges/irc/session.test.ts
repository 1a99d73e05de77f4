import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { irc } from '../../../bridges/irc/index.ts';
import { memoryHost } from '../../../src/testing/index.ts';
import { chat, openOn, say, shown } from './bench.ts';
import { type Script, ScriptedServer } from './scripted-server.ts';

async function serve(script: Script = {}): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server.stop());
  return server;
}

async function enlisted(script: Script = {}, options = {}) {
  const server = await serve(script);
  const opened = await openOn(server.port, options);
  await opened.watch();
  const session = await opened.enlist();
  await session.join?.(chat, opened.signal);
  const heard = (...events: string[]) =>
    vi.waitFor(() => expect(shown(opened.emitted)).toEqual(events));
  return { ...opened, server, session, heard, client: server.client('ann[m]') };
}

describe('WEBIRC', () => {
  it('names an address first for a voice, and none for the bot', async () => {
    const options = { webircPassword: 'pw', webircPrefix: 'fd00:1::/64' };
    const { client, server } = await enlisted({}, options);
    expect(client.lines[0]).toMatch(/^WEBIRC pw drawbridge (fd00:1:0:0:\S+) \1$/);
    expect(server.client('drawbridge').sent('WEBIRC')).toEqual([]);
  });
});

describe('the modes of a voice', () => {
  it('are set before it joins, each time that it connects, and never on the bot', async () => {
    const { client, server } = await enlisted({}, { enlistedModes: '+Rx' });
    const commands = (lines: readonly string[]) =>
      lines.filter((line) => /^(?:MODE|JOIN) /.test(line));
    expect(commands(client.lines)).toEqual(['MODE ann[m] +Rx', 'JOIN #a']);
    client.cut();
    await vi.waitFor(() =>
      expect(commands(server.client('ann[m]').lines)).toEqual(['MODE ann[m] +Rx', 'JOIN #a']),
    );
    expect(server.client('drawbridge').sent('MODE')).toEqual([]);
  });
});

describe('irc.open', () => {
  it('says that a server cannot be reached', async () => {
    const server = await serve();
    const { port } = server;
    await server.stop();
    await expect(openOn(port)).rejects.toMatchObject({ code: 'unreachable', effect: 'none' });
  });

  it('gives up on a server that says nothing', async () => {
    const { port } = await serve({ deal: () => true });
    await expect(openOn(port, { connectTimeoutMs: 50 })).rejects.toMatchObject({
      code: 'unreachable',
      message: 'IRC connection: No connection within 50 ms',
    });
  });

  it('says that the password is wrong without saying the password', async () => {
    const password = 'correct horse';
    const deal: Script['deal'] = (client, command) => {
      if (command === 'PASS') client.say(':s 464 * :Password incorrect');
      return command === 'PASS';
    };
    const server = await serve({ deal });
    const tried = openOn(server.port, { password });
    await expect(tried).rejects.toMatchObject({ code: 'not_allowed' });
    const error = await tried.catch((cause: unknown) => cause);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(password);
    expect(server.clients[0]?.sent('PASS')).toEqual([`PASS :${password}`]);
  });

  it('says that it is banned', async () => {
    const deal: Script['deal'] = (client, command) => {
      if (command === 'USER') client.say('ERROR :Closing link: [G-Lined: no bridges]');
      return command === 'USER';
    };
    const { port } = await serve({ deal });
    await expect(openOn(port)).rejects.toMatchObject({ code: 'not_allowed' });
  });

  it('says which file of certificates it cannot read', async () => {
    const config = irc.config.parse({ host: 'irc.test', caFile: '/nowhere/ca.pem' });
    const { host } = memoryHost({ config, signal: new AbortController().signal });
    await expect(irc.open(host)).rejects.toMatchObject({
      message: 'caFile: /nowhere/ca.pem cannot be read; give the path of a PEM file',
    });
  });
});

describe('EnlistedSession', () => {
  it('has a nick made of the name, and says who it is', async () => {
    const { session, client } = await enlisted();
    expect(session.self).toBe('ann[m]');
    expect(client.sent('USER')).toEqual(['USER voice-ann 0 * @voice-ann:example.org']);
  });

  it('takes another nick when its own is taken', async () => {
    const server = await serve();
    const opened = await openOn(server.port);
    await opened.enlist('ann', 'Ann');
    const second = await opened.enlist('anna', 'Ann');
    expect(second.self).toBe('ann[m]_');
  });

  it('says what it is called when the server renames it', async () => {
    const { server, client, standings, heard, session } = await enlisted();
    server.tell('#a', `:${client.mask} NICK Guest1`);
    client.nick = 'Guest1';
    await vi.waitFor(() =>
      expect(standings).toContainEqual({
        standing: { is: 'ready', self: 'guest1' },
        voice: 'voice-ann',
      }),
    );
    await say(session, 'still me');
    await heard('guest1: still me (echo of still me/0)');
    const bot = server.client('drawbridge');
    bot.say(':ann[m]!x@y JOIN #a');
    bot.say(':ann[m]!x@y PRIVMSG #a :not me');
    await heard('guest1: still me (echo of still me/0)', 'ann[m] in', 'ann[m]: not me');
  });

  it('hears what is said to it alone, in its own view', async () => {
    const { client, heard } = await enlisted();
    client.say(':Bob!b@h PRIVMSG ann[m] :psst');
    client.say(':Bob!b@h NOTICE ANN[M] :\x02beep\x02');
    client.say(':s NOTICE ann[m] :*** words of the server');
    await heard('bob to voice-ann: psst', 'bob to voice-ann: beep');
  });

  it('answers what programs ask', async () => {
    const { client, emitted } = await enlisted();
    client.say(':bob!b@h PRIVMSG ann[m] :\x01VERSION\x01');
    await vi.waitFor(() =>
      expect(client.sent('NOTICE')).toEqual([
        'NOTICE bob :\x01VERSION Drawbridge, a bridge to Matrix\x01',
      ]),
    );
    expect(emitted).toEqual([]);
  });

  it('talks to somebody alone', async () => {
    const { session, client, signal } = await enlisted();
    const to = await session.direct?.('bob' as never, signal);
    await say(session, 'psst', 'k', to);
    expect(client.sent('PRIVMSG')).toEqual(['PRIVMSG bob psst']);
  });

  it('shows that its person types, but never at the cost of a message', async () => {
    const { session, client } = await enlisted();
    session.hint?.(chat, { kind: 'typing', forMs: 5_000 });
    session.hint?.(chat, { kind: 'read', upTo: 'x' as never });
    await vi.waitFor(() => expect(client.sent('TAGMSG')).toEqual(['TAGMSG #a']));
  });

  it('comes back when it is cut off, into its channels, and says so', async () => {
    const { session, server, client, standings } = await enlisted();
    client.cut();
    await vi.waitFor(() => expect(server.client('ann[m]').channels).toContain('#a'));
    await vi.waitFor(() =>
      expect(standings.map(({ standing, voice }) => `${voice} ${standing.is}`)).toEqual([
        'voice-ann failed',
        'voice-ann ready',
      ]),
    );
    expect(await say(session, 'back')).toHaveLength(1);
  });

  it('says that it is banned, and comes back when it no longer is', async () => {
    const { server, client, standings } = await enlisted();
    client.say('ERROR :Closing link: [K-Lined: spam]');
    client.cut();
    await vi.waitFor(() =>
      expect(standings[0]).toMatchObject({
        voice: 'voice-ann',
        standing: { is: 'failed', error: { code: 'not_allowed', effect: 'none' } },
      }),
    );
    await vi.waitFor(() => expect(server.client('ann[m]').channels).toContain('#a'));
  });

  it('leaves cleanly', async () => {
    const { session, client, server } = await enlisted();
    await session.close();
    expect(client.sent('QUIT')).toEqual(['QUIT Leaving']);
    await vi.waitFor(() => expect(server.isTaken('ann[m]')).toBe(false));
  });

  it('leaves with the words of an operator, as far as they go on a line', async () => {
    const { session, client } = await enlisted();
    await session.close(`too loud\r\n${'é'.repeat(500)}`);
    const [line = ''] = client.sent('QUIT');
    expect(line).toMatch(/^QUIT :too loud é{90,96}$/);
    expect(client.sent('QUIT')).toHaveLength(1);
  });
});

describe('IrcNetwork', () => {
  it('gives no more connections than it may, and one again when one is free', async () => {
    const server = await serve();
    const opened = await openOn(server.port, { maxConnections: 1 });
    const first = await opened.enlist('ann');
    await expect(opened.enlist('cyd')).rejects.toMatchObject({
      code: 'not_allowed',
      effect: 'none',
      message: 'All 1 connections for Matrix users are taken',
    });
    await first.close();
    await expect(opened.enlist('cyd')).resolves.toBeDefined();
  });

  it('frees the place of a connection that could not be made', async () => {
    const deal: Script['deal'] = (client, command, [nick]) => {
      if (command === 'NICK' && nick === 'ann[m]') client.cut();
      return command === 'NICK' && nick === 'ann[m]';
    };
    const { port } = await serve({ deal });
    const opened = await openOn(port, { maxConnections: 1 });
    await expect(opened.enlist('ann')).rejects.toMatchObject({ code: 'unreachable' });
    await expect(opened.enlist('cyd')).resolves.toBeDefined();
  });

  it('finds a channel by its name, and a person only if they are there', async () => {
    const deal: Script['deal'] = (client, command, [nick]) => {
      if (command === 'ISON') client.say(`:s 303 x :${nick === 'bob' ? 'Bob' : ''}`);
      return command === 'ISON';
    };
    const { port } = await serve({ deal });
    const { network, signal } = await openOn(port);
    expect(await network.resolve?.('#Room', signal)).toEqual({ chat: '#room' });
    expect(await network.resolve?.('bob', signal)).toEqual({ user: 'bob' });
    expect(await network.resolve?.('nobody', signal)).toBeUndefined();
    expect(await network.resolve?.('no,body', signal)).toBeUndefined();
  });

  it('tells those who write to the bot that it does not read that', async () => {
    const { server } = await enlisted();
    const bot = server.client('drawbridge');
    bot.say(':bob!b@h PRIVMSG drawbridge :hello');
    await vi.waitFor(() => expect(bot.sent('NOTICE bob')).toHaveLength(1));
  });

  it('leaves with all its voices, and tells nothing afterwards', async () => {
    const { close, server, attempts } = await enlisted();
    const given = attempts.length;
    await close();
    expect(
      server.clients.every(({ isGone, lines }) => isGone || lines.at(-1) === 'QUIT Leaving'),
    ).toBe(true);
    expect(attempts.length).toBe(given);
  });

  it('listens again when the server was away, and says what may be missing', async () => {
    const { server, standings, heard, port } = await restartable();
    await server.stop();
    await vi.waitFor(() => expect(standings.at(-1)?.standing.is).toBe('failed'));
    const again = await ScriptedServer.start({}, port);
    onTestFinished(() => again.stop());
    await vi.waitFor(() => expect(standings.at(-1)?.standing.is).toBe('ready'));
    again.client('drawbridge').say(':bob!b@h PRIVMSG #a :back');
    await heard('hole', 'bob: back');
  });

  it('forgets a voice that is given up', async () => {
    const { network, voice, disk, server, signal } = await enlisted();
    await network.forget?.(voice('voice-ann', 'enlisted', 'ann'), signal);
    await vi.waitFor(() => expect(server.isTaken('ann[m]')).toBe(false));
    expect([...disk.values.keys()].filter((key) => key.includes('voice-ann'))).toEqual([]);
  });
});

async function restartable() {
  const server = await serve();
  const { port } = server;
  const opened = await openOn(port);
  await opened.watch();
  const heard = (...events: string[]) =>
    vi.waitFor(() => expect(shown(opened.emitted)).toEqual(events));
  return { ...opened, server, heard, port };
}
