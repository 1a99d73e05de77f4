import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../../bridges/irc/wire/clock.ts';
import { BridgeError, remoteChatId } from '../../../src/adapter/index.ts';
import { fakeClock } from '../../../src/testing/index.ts';
import { type Around, chat, openOn, partsOf, say } from './bench.ts';
import { type Script, ScriptedServer } from './scripted-server.ts';

async function serve(script: Script = {}): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server.stop());
  return server;
}

/** A voice in the channel, on a server with this script. */
async function speaking(script: Script = {}, around: Around = {}) {
  const server = await serve(script);
  const opened = await openOn(server.port, {}, around);
  await opened.watch();
  const session = await opened.enlist();
  await session.join?.(chat, opened.signal);
  return { ...opened, server, session, client: server.client('ann[m]') };
}

const failure = (tried: Promise<unknown>) =>
  tried.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('Say', () => {
  it('has the id of a line when the server says it back with its label', async () => {
    const { session, client } = await speaking();
    expect(await say(session, 'hi')).toEqual([{ ids: ['m1'] }]);
    expect(client.lines.at(-1)).toMatch(/^@label=\w+;\+drawbridge\.dev\/key=hi\/0 PRIVMSG #a hi$/);
  });

  it('has it also from a server that knows no labels', async () => {
    const { session } = await speaking({ caps: ['message-tags', 'echo-message', 'batch'] });
    expect(await say(session, 'hi')).toEqual([{ ids: ['m1'] }]);
  });

  it('is content with the answer to a ping on a server that says nothing back', async () => {
    const { session, client } = await speaking({ caps: [] });
    expect(await say(session, 'hi\nho')).toEqual([{ ids: [] }, { ids: [] }]);
    expect(client.sent('PRIVMSG')).toEqual(['PRIVMSG #a hi', 'PRIVMSG #a ho']);
    expect(client.lines.at(-1)).toMatch(/^PING /);
  });

  it('asks later whether a line was dealt with that is never said back', async () => {
    const deal: Script['deal'] = (_, command) => command === 'PRIVMSG';
    const clock = fakeClock();
    const caps = ['message-tags', 'echo-message'];
    const { session, client } = await speaking({ caps, deal }, { clock });
    const sent = say(session, 'hi');
    await vi.waitFor(() => expect(client.sent('PRIVMSG')).toHaveLength(1));
    await clock.advance(5_000);
    expect(await sent).toEqual([{ ids: [] }]);
  });

  it.each([
    ['with labels', undefined],
    ['with echoes', ['message-tags', 'echo-message']],
    ['with nothing', []],
  ])('says that a line was refused, and that nobody saw it: %s', async (_, caps) => {
    const deal: Script['deal'] = (client, command, [target]) => {
      if (command !== 'PRIVMSG') return false;
      const label = /label=([^; ]+)/.exec(client.lines.at(-1) ?? '')?.[1];
      const tag = label === undefined ? '' : `@label=${label} `;
      client.say(`${tag}:s 404 ${client.nick} ${target} :Cannot send to channel (+m)`);
      return true;
    };
    const { session } = await speaking({ ...(caps && { caps }), deal });
    expect(await failure(say(session, 'hi'))).toMatchObject({
      code: 'not_allowed',
      effect: 'none',
      message: '#a: the channel does not let it speak (404)',
    });
  });

  it('says a line again without its codes where those are refused, and the next without any at once', async () => {
    const deal: Script['deal'] = (client, command, [target = '', text = '']) => {
      if (command !== 'PRIVMSG' || !text.includes('\x02')) return false;
      client.say(`:s 404 ${client.nick} ${target} :Can't send colors to channel (+c is set)`);
      return true;
    };
    const { session, client } = await speaking({ caps: [], deal });
    await say(session, 'so \x02bold\x02');
    await say(session, '\x02bolder');
    expect(client.sent('PRIVMSG')).toEqual([
      'PRIVMSG #a :so \x02bold',
      'PRIVMSG #a :so bold',
      'PRIVMSG #a bolder',
    ]);
  });

  it('goes on with codes where it was not for them that a line was refused', async () => {
    let isModerated = true;
    const deal: Script['deal'] = (client, command, [target = '']) => {
      if (command !== 'PRIVMSG' || !isModerated) return false;
      client.say(`:s 404 ${client.nick} ${target} :Cannot send to channel (+m)`);
      return true;
    };
    const { session, client } = await speaking({ caps: [], deal });
    await expect(say(session, '\x02bold')).rejects.toMatchObject({ code: 'not_allowed' });
    isModerated = false;
    await say(session, '\x02bolder');
    expect(client.sent('PRIVMSG').at(-1)).toBe('PRIVMSG #a \x02bolder');
  });

  it('knows which of two lines was refused, without labels', async () => {
    const deal: Script['deal'] = (client, command, [target, text]) => {
      if (command !== 'PRIVMSG' || text !== 'bad') return false;
      client.say(`:s 404 ${client.nick} ${target} :no`);
      return true;
    };
    const { session } = await speaking({ caps: [], deal });
    const outcomes = await Promise.allSettled(
      ['good', 'bad', 'fine'].map((text) => say(session, text)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('does not know whether a line arrived when the connection is cut before the answer', async () => {
    const deal: Script['deal'] = (client, command) => {
      if (command === 'PRIVMSG') client.cut();
      return command === 'PRIVMSG';
    };
    const { session } = await speaking({ deal });
    const error = await failure(say(session, 'hi'));
    expect(error).toMatchObject({ code: 'unreachable', effect: 'unknown' });
  });

  it('knows that a line did not arrive which was never written', async () => {
    const { session, client, server } = await speaking();
    const [part] = await partsOf(session, 'hi');
    const { send } = session.on.message;
    const call = () => send.call(session.on.message, part!, AbortSignal.timeout(5_000));
    expect(
      await failure(send.call(session.on.message, part!, AbortSignal.abort(new Error('late')))),
    ).toMatchObject({ code: 'unreachable', effect: 'none' });
    server.script = { ...server.script, deal: (_, command) => command !== 'QUIT' };
    client.cut();
    await vi.waitFor(async () => {
      expect(await failure(call())).toMatchObject({ code: 'unreachable', effect: 'none' });
    });
  });

  it('gives up a line that has no answer, and takes none of the next one for it', async () => {
    let isDeaf = true;
    const deal: Script['deal'] = (_, command) => isDeaf && command === 'PRIVMSG';
    const { session } = await speaking({ deal });
    const [part] = await partsOf(session, 'hi');
    const given = session.on.message.send(part!, AbortSignal.timeout(50));
    expect(await failure(given)).toMatchObject({ code: 'unreachable', effect: 'unknown' });
    isDeaf = false;
    expect(await say(session, 'ho')).toEqual([{ ids: ['m1'] }]);
  });

  it('says nothing any more once it is closed', async () => {
    const { session } = await speaking();
    await session.close();
    expect(await failure(say(session, 'hi'))).toMatchObject({
      code: 'unreachable',
      effect: 'none',
    });
  });

  it('refuses what was not encoded by it', async () => {
    const { session, client } = await speaking();
    const [part] = await partsOf(session, 'hi');
    for (const wire of ['QUIT', 'PRIVMSG #a x\r\nQUIT', '']) {
      const bad = { ...part!, wire: Buffer.from(wire) };
      const error = await failure(session.on.message.send(bad, AbortSignal.timeout(500)));
      expect(error).toBeInstanceOf(BridgeError);
    }
    expect(client.sent('QUIT')).toEqual([]);
  });

  it('leaves its key out where the server passes no such tag on', async () => {
    const { session, client } = await speaking({ isupport: ['CLIENTTAGDENY=*'] });
    await say(session, 'hi');
    expect(client.lines.at(-1)).toMatch(/^@label=\w+ PRIVMSG #a hi$/);
  });

  it('speaks through the bot only once that is in the channel, behind others that it joins', async () => {
    const held: (() => void)[] = [];
    const deal: Script['deal'] = (client, command, [names = '']) => {
      if (command !== 'JOIN' || names !== '#first') return false;
      held.push(() => client.join(names));
      return true;
    };
    const server = await serve({ deal });
    const opened = await openOn(server.port);
    const bot = server.client('drawbridge');
    const first = opened.network.watch?.(
      { chat: remoteChatId('#first') },
      undefined,
      opened.signal,
    );
    const second = opened.watch();
    const relay = await opened.relay();
    const said = relay.join?.(chat, opened.signal).then(() => say(relay, 'hi'));
    await vi.waitFor(() => expect(held).toHaveLength(1));
    held[0]?.();
    await Promise.all([first, second, said]);
    const order = bot.lines.map((line) => line.replace(/^@\S+ /, ''));
    expect(order.indexOf('JOIN #a')).toBeLessThan(order.indexOf('PRIVMSG #a :<Ann> hi'));
  });

  it('speaks for those without a nick through the bot', async () => {
    const server = await serve();
    const opened = await openOn(server.port);
    await opened.watch();
    const relay = await opened.relay();
    await relay.join?.(chat, opened.signal);
    expect(await say(relay, 'hi')).toEqual([{ ids: ['m1'] }]);
    expect(server.client('drawbridge').sent('PRIVMSG')).toEqual(['PRIVMSG #a :<Ann> hi']);
    await relay.close();
    expect(await failure(say(relay, 'ho'))).toMatchObject({ code: 'unreachable', effect: 'none' });
  });
});

describe('Moderate', () => {
  it('kicks, and says when it may not', async () => {
    const { session, client, server, signal } = await speaking();
    const action = { kind: 'member', chat, who: 'bob', is: 'out', reason: 'spam' } as never;
    const kick = () =>
      session.on.member?.send({ key: 'k', action, firstTriedAtMs: systemClock.now() }, signal);
    expect(await kick()).toEqual({ ids: [] });
    expect(client.sent('KICK')).toEqual(['KICK #a bob spam']);
    const answer =
      (numeric: string): NonNullable<Script['deal']> =>
      (who, command) => {
        if (command === 'KICK') who.say(`:s ${numeric} ${who.nick} #a :no`);
        return command === 'KICK';
      };
    server.script = { ...server.script, deal: answer('482') };
    await expect(kick()).rejects.toMatchObject({ code: 'not_allowed', effect: 'none' });
    server.script = { ...server.script, deal: answer('441') };
    expect(await kick()).toEqual({ ids: [] });
  });

  it('leaves it in doubt where the answer is lost: who is there then may have come back', async () => {
    const { session, server, signal } = await speaking();
    const action = { kind: 'member', chat, who: 'bob', is: 'out' } as never;
    const deal: Script['deal'] = (who, command) => {
      if (command === 'KICK') who.cut();
      return command === 'KICK';
    };
    server.script = { ...server.script, deal };
    const { member } = session.on;
    const kick = member?.send({ key: 'k', action, firstTriedAtMs: systemClock.now() }, signal);
    await expect(kick).rejects.toMatchObject({ code: 'unreachable', effect: 'unknown' });
    expect(member?.dropsRepeats).toBeUndefined();
    expect(member?.lookup).toBeUndefined();
  });
});

describe('EnlistedSession.join', () => {
  it.each([
    ['474', 'it is banned from the channel'],
    ['473', 'the channel is by invitation only'],
    ['475', 'the channel wants a key'],
    ['471', 'the channel is full'],
    ['477', 'the channel is for registered nicks only'],
  ])('says why it is kept out: %s', async (numeric, why) => {
    const deal: Script['deal'] = (client, command, [name]) => {
      if (command !== 'JOIN' || client.nick !== 'ann[m]') return false;
      client.say(`:s ${numeric} ${client.nick} ${name} :Cannot join`);
      return true;
    };
    const { port } = await serve({ deal });
    const opened = await openOn(port);
    const session = await opened.enlist();
    await expect(session.join?.(chat, opened.signal)).rejects.toMatchObject({
      code: 'not_allowed',
      effect: 'none',
      message: `#a: ${why} (${numeric})`,
    });
  });

  it('joins once, and again when it has left', async () => {
    const { session, client, signal } = await speaking();
    await session.join?.(chat, signal);
    expect(client.sent('JOIN')).toHaveLength(1);
    await session.leave?.(chat, signal);
    await session.join?.(chat, signal);
    expect(client.sent('JOIN')).toHaveLength(2);
  });

  it('need not be in a private chat', async () => {
    const { session, client, signal } = await speaking();
    await session.join?.(remoteChatId('bob'), signal);
    expect(client.sent('JOIN')).toHaveLength(1);
  });
});
