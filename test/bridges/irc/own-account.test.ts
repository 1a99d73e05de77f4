import { describe, expect, it } from 'vitest';
import type { LoginStep, NetworkSession } from '../../../src/adapter/index.ts';
import { memoryDisk } from '../../../src/testing/index.ts';
import { until } from '../../flow/support/bridged-room.ts';
import { openOn, shown } from './bench.ts';
import { type Script, type ScriptedClient, ScriptedServer } from './scripted-server.ts';

/** A network whose one account is proved by PLAIN, as `ann` with the password that it wants now. */
function withSasl() {
  const wanted = { password: 'pw' };
  const script: Script = {
    caps: ['sasl=PLAIN', 'server-time'],
    deal(client, command, [first = '']) {
      if (command !== 'AUTHENTICATE') return false;
      const proof = Buffer.from(`\0ann\0${wanted.password}`).toString('base64');
      if (first === 'PLAIN') client.say('AUTHENTICATE +');
      else if (first === proof) client.say(':s 903 * :SASL authentication successful');
      else client.say(':s 904 * :SASL authentication failed');
      return true;
    },
  };
  return { wanted, script };
}

/** A network without SASL. NickServ, in a language of its own, believes one password. */
function withNickServ(): Script {
  const known = new Set<ScriptedClient>();
  return {
    caps: [],
    deal(client, command, [target = '', text = '']) {
      if (command === 'WHOIS') {
        if (known.has(client)) client.say(`:s 330 ${client.nick} ${target} ann :is logged in as`);
        client.say(`:s 318 ${client.nick} ${target} :End`);
        return true;
      }
      if (command !== 'PRIVMSG' || target !== 'NickServ') return false;
      if (text === 'IDENTIFY ann pw') known.add(client);
      const words = known.has(client) ? 'Tere tulemast' : 'Vale parool';
      client.say(`:NickServ!s@services NOTICE ${client.nick} :${words}`);
      return true;
    },
  };
}

type Opened = Awaited<ReturnType<typeof openOn>>;

/** Walks a login as the core does. */
async function login(
  { network, voice, signal, commit }: Opened,
  values: Readonly<Record<string, string>>,
  way = 'password',
): Promise<Extract<LoginStep, { kind: 'done' }>> {
  const flow = network.logins?.find(({ id }) => id === way);
  const step = await flow?.start(voice('voice-ann', 'enlisted', 'ann'), signal);
  const done = step?.kind === 'ask' ? await step.submit(values, signal) : undefined;
  if (done?.kind !== 'done') throw new Error('the login has no end');
  await commit(done.save);
  return done;
}

async function serve(script: Script): Promise<ScriptedServer> {
  return ScriptedServer.start(script);
}

const right = { name: 'ann', password: 'pw' };

describe('the account of a Matrix user', () => {
  it('is proved once before it is kept, and each time that their voice connects', async () => {
    const server = await serve(withSasl().script);
    const opened = await openOn(server.port);
    expect((await login(opened, right)).self).toBe('ann');
    await opened.enlist();
    expect(server.client('ann[m]').sent('AUTHENTICATE PLAIN')).toHaveLength(1);
    expect(server.client('drawbridge').sent('AUTHENTICATE')).toEqual([]);
    expect(await opened.network.accounts?.of(opened.voice('voice-ann', 'enlisted'))).toBe('ann');
    await opened.close();
    await server.stop();
  });

  it('is not kept when it is not believed, and the network says why', async () => {
    const server = await serve(withSasl().script);
    const opened = await openOn(server.port);
    await expect(login(opened, { ...right, password: 'no' })).rejects.toMatchObject({
      code: 'not_allowed',
      words: 'The account ann is not proved: SASL authentication failed',
    });
    await opened.enlist();
    expect(server.client('ann[m]').sent('AUTHENTICATE')).toEqual([]);
    await opened.close();
    await server.stop();
  });

  it.each([
    { values: { name: 'ann bob', password: 'pw' }, words: 'an account is one word' },
    { values: { name: 'ann', password: 'p\r\nQUIT' }, words: 'a password has no spaces' },
    { values: { pem: 'nothing' }, words: 'it takes a certificate and its private key, as PEM' },
  ])(
    'is refused before anything is sent where it can be none: $words',
    async ({ values, words }) => {
      const server = await serve(withSasl().script);
      const opened = await openOn(server.port);
      const way = 'pem' in values ? 'certificate' : 'password';
      await expect(login(opened, values, way)).rejects.toMatchObject({ words });
      expect(server.clients).toHaveLength(1);
      await opened.close();
      await server.stop();
    },
  );

  it('is forgotten with what the core is told to change', async () => {
    const server = await serve(withSasl().script);
    const opened = await openOn(server.port);
    await login(opened, right);
    const voice = opened.voice('voice-ann', 'enlisted', 'ann');
    await opened.commit(opened.network.accounts?.forget(voice));
    expect(await opened.network.accounts?.of(voice)).toBeUndefined();
    await opened.enlist();
    expect(server.client('ann[m]').sent('AUTHENTICATE')).toEqual([]);
    await opened.close();
    await server.stop();
  });
});

describe('an account that is not believed any more', () => {
  /** With an account on disk whose password the network has changed. */
  async function changed(options: Readonly<Record<string, unknown>>) {
    const { script, wanted } = withSasl();
    const server = await serve(script);
    const disk = memoryDisk();
    const before = await openOn(server.port, {}, { disk });
    await login(before, right);
    await before.close();
    wanted.password = 'other';
    const opened = await openOn(server.port, options, { disk });
    return { server, opened };
  }

  it('holds what its person says, until a new login', async () => {
    const { server, opened } = await changed({});
    await expect(opened.enlist()).rejects.toMatchObject({ code: 'logged_out' });
    expect(opened.emitted).toEqual([]);
    await opened.close();
    await server.stop();
  });

  it('lets them speak without it, and tells them, where the config says so', async () => {
    const { server, opened } = await changed({ refusedAccounts: 'speak' });
    const session: NetworkSession = await opened.enlist();
    expect(session.self).toBe('ann[m]');
    await until(() =>
      expect(shown(opened.emitted)).toEqual([
        'nickserv to voice-ann: Your account ann is not believed: The account ann is not proved: SASL authentication failed. You speak without it. A new login, or a logout, ends this.',
      ]),
    );
    await opened.close();
    await server.stop();
  });

  it('is found out on a connection that is made again', async () => {
    const { script, wanted } = withSasl();
    const server = await serve(script);
    const opened = await openOn(server.port);
    await login(opened, right);
    await opened.enlist();
    wanted.password = 'other';
    server.client('ann[m]').cut();
    await until(() =>
      expect(opened.standings.map(({ standing, voice }) => [voice, standing])).toContainEqual([
        'voice-ann',
        { is: 'failed', error: expect.objectContaining({ code: 'logged_out' }) },
      ]),
    );
    await opened.close();
    await server.stop();
  });
});

describe('an account where there is no SASL', () => {
  it('is told to NickServ, whose words nobody has to read', async () => {
    const server = await serve(withNickServ());
    const opened = await openOn(server.port);
    await login(opened, right);
    await opened.enlist();
    expect(server.client('ann[m]').sent('PRIVMSG NickServ')).toEqual([
      'PRIVMSG NickServ :IDENTIFY ann pw',
    ]);
    await opened.close();
    expect(opened.emitted).toEqual([]);
    await server.stop();
  });

  it('is believed as the server says, in whatever language NickServ speaks', async () => {
    const server = await serve(withNickServ());
    const opened = await openOn(server.port);
    await expect(login(opened, { ...right, password: 'no' })).rejects.toMatchObject({
      code: 'not_allowed',
      words: 'Vale parool',
    });
    await opened.close();
    await server.stop();
  });

  it('is tried again later while NickServ is away', async () => {
    const server = await serve({
      caps: [],
      deal(client, command, [target]) {
        if (command !== 'PRIVMSG' || target !== 'NickServ') return false;
        client.say(`:s 401 ${client.nick} NickServ :No such nick`);
        return true;
      },
    });
    const opened = await openOn(server.port);
    await expect(login(opened, right)).rejects.toMatchObject({ code: 'unreachable' });
    await opened.close();
    await server.stop();
  });
});
