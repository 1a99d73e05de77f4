import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CommandCall } from '../../../src/adapter/index.ts';
import { fakeClock } from '../../../src/testing/index.ts';
import { chat, openOn, speaker } from './bench.ts';
import { type Script, ScriptedServer } from './scripted-server.ts';

/** Ann's nick out on a server, and commands of hers. */
async function annOn(script: Script, clock = fakeClock()) {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server.stop());
  const opened = await openOn(server.port, { pingIntervalMs: 10_000_000 }, { clock });
  const session = await opened.enlist();
  const voice = {
    ...opened.voice('voice-ann', 'enlisted', 'ann'),
    ...{ isOpen: true, open: async () => session, letGo: () => session.close() },
  };
  const run = (name: string, words: string) => {
    const command = opened.network.commands?.find((one) => one.name === name);
    const call: CommandCall = { words, speaker, chat, voice, invite: async () => undefined };
    return command?.run(call, AbortSignal.timeout(5_000));
  };
  return { ...opened, server, session, run, clock };
}

const answering =
  (wanted: string, line: string): NonNullable<Script['deal']> =>
  (client, command) => {
    if (command !== wanted || client.nick === '') return false;
    client.say(line);
    return true;
  };

describe('commands', () => {
  it.each([
    [
      'nick',
      ':s 438 ann[m] bob :Too fast',
      'bob: nicks are changed too often: wait a while (438).',
    ],
    ['nick', ':s 447 ann[m] :No, not in #a', 'bob: the server says: No, not in #a (447).'],
    ['whois', ':s 263 ann[m] WHOIS :Wait', 'bob: the server wants you to wait a while (263).'],
  ])('say of “%s” what the server has against it: %s', async (name, line, words) => {
    const { run, server } = await annOn({});
    server.script = { ...server.script, deal: answering(name.toUpperCase(), line) };
    expect(await run(name, 'bob')).toBe(words);
  });

  it('say that the network is away by an error, for which the core has words', async () => {
    const { run, server } = await annOn({});
    await server.stop();
    await vi.waitFor(() =>
      expect(run('nick', 'bob')).rejects.toMatchObject({ code: 'unreachable', effect: 'none' }),
    );
  });

  it('write nothing of what holds a line break or NUL', async () => {
    const { run, server } = await annOn({});
    const client = server.client('ann[m]');
    const before = client.lines.length;
    for (const name of ['nick', 'whois', 'msg', 'join', 'names', 'topic', 'raw'])
      for (const cut of ['\r\n', '\n', '\r', '\0'])
        expect(await run(name, `#a${cut}QUIT`)).toBe(
          'A command is one line: no line break and no NUL.',
        );
    expect(client.lines.slice(before)).toEqual([]);
  });
});

describe('nick', () => {
  it('ends the asking for the nick that was taken', async () => {
    const deal: Script['deal'] = (client, command, [nick]) => {
      if (command !== 'NICK' || nick !== 'annie') return false;
      client.say(`:${client.mask} NICK annie`);
      client.nick = 'annie';
      return true;
    };
    const clock = fakeClock();
    const server = await ScriptedServer.start({ deal });
    onTestFinished(() => server.stop());
    const opened = await openOn(server.port, { pingIntervalMs: 10_000_000 }, { clock });
    await opened.enlist('first', 'ann');
    const session = await opened.enlist('ann', 'ann');
    expect(session.self).toBe('ann[m]_');
    const client = server.client('ann[m]_');
    const voice = {
      ...opened.voice('voice-ann', 'enlisted', 'ann'),
      ...{ isOpen: true, open: async () => session, letGo: async () => {} },
    };
    const [nick] = opened.network.commands ?? [];
    const call: CommandCall = { words: 'annie', speaker, voice, invite: async () => undefined };
    expect(await nick?.run(call, AbortSignal.timeout(5_000))).toBe('You are called annie now.');
    const before = client.sent('NICK').length;
    await clock.advance(1_000_000);
    expect(client.sent('NICK')).toHaveLength(before);
  });
});
