import { describe, expect, it, vi } from 'vitest';
import { chat, openOn, partsOf, shown } from './bench.ts';
import { serve } from './listening.ts';
import type { Script } from './scripted-server.ts';

describe('lookup', () => {
  /** A line that was cut off: the server has it, or has not. */
  async function doubt(isKept: boolean) {
    const history: string[] = ['@time=2020-01-01T00:00:00.000Z;msgid=old :bob!b@h PRIVMSG #a :old'];
    const deal: Script['deal'] = (client, command) => {
      if (command !== 'PRIVMSG') return false;
      const key = /\+drawbridge\.dev\/key=\S+/.exec(client.lines.at(-1) ?? '')?.[0];
      const time = new Date().toISOString();
      if (isKept) history.push(`@time=${time};msgid=kept;${key} :${client.mask} PRIVMSG #a :hi`);
      for (const each of server.clients) each.cut();
      return true;
    };
    const server = await serve({ deal, history });
    const opened = await openOn(server.port);
    await opened.watch();
    const session = await opened.enlist();
    await session.join?.(chat, opened.signal);
    const [part] = await partsOf(session, 'hi');
    await expect(session.on.message.send(part!, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      effect: 'unknown',
    });
    const look = () => session.on.message.lookup?.(part!, AbortSignal.timeout(5_000));
    return { ...opened, server, session, part: part!, look };
  }

  it('finds a line in what the server tells on the next join', async () => {
    const { look, emitted } = await doubt(true);
    await vi.waitFor(async () => expect(await look()).toEqual({ ids: ['kept'] }));
    expect(shown(emitted)).toContain('ann[m]: hi (echo of hi/0)');
  });

  it('is sure that a line is not there when the server tells enough', async () => {
    const { look } = await doubt(false);
    await vi.waitFor(async () => expect(await look()).toBe('absent'));
  });

  it('cannot tell where the server tells nothing of the past', async () => {
    const { look, server, session, signal } = await doubt(false);
    const { history: _, ...script } = server.script;
    server.script = script;
    for (const client of server.clients) client.cut();
    await vi.waitFor(async () => expect(await look()).toBe('cannot-tell'));
    await session.leave?.(chat, signal);
  });

  it('waits while the bot is not back in the channel', async () => {
    const { look, server } = await doubt(true);
    const deal: Script['deal'] = (client, command, [nick]) => {
      const isBot = command === 'NICK' && nick === 'drawbridge';
      if (isBot) client.cut();
      return isBot;
    };
    server.script = { ...server.script, deal };
    for (const client of server.clients) client.cut();
    await vi.waitFor(() => expect(server.client('ann[m]').channels).toContain('#a'));
    await vi.waitFor(() =>
      expect(look()).rejects.toMatchObject({
        code: 'unreachable',
        message: 'The bot is not in #a now',
      }),
    );
    const { deal: _, ...script } = server.script;
    server.script = script;
    await vi.waitFor(async () => expect(await look()).toEqual({ ids: ['kept'] }));
  });

  it('waits while the server still holds the connection that was cut', async () => {
    const whois: { mask: string | undefined } = { mask: '~voice-ann client.test' };
    const { look, server } = await doubt(false);
    await vi.waitFor(async () => expect(await look()).toBe('absent'));
    const answer = (command: string) => {
      if (command === 'NICK ann[m]') return ':s 433 * ann[m] :in use';
      if (command !== 'WHOIS ann[m]') return undefined;
      return whois.mask ? `:s 311 x ann[m] ${whois.mask} * :x` : ':s 401 x ann[m] :nobody';
    };
    const taken: Script['deal'] = (client, command, [name]) => {
      const line = answer(`${command} ${name}`);
      if (line !== undefined) client.say(line);
      return line !== undefined;
    };
    server.script = { ...server.script, deal: taken };
    server.client('ann[m]').cut();
    await vi.waitFor(() => expect(server.isTaken('ann[m]_')).toBe(true));
    await vi.waitFor(() =>
      expect(look()).rejects.toMatchObject({
        code: 'unreachable',
        message: 'The server still holds the connection of ann[m]',
      }),
    );
    whois.mask = undefined;
    expect(await look()).toBe('absent');
  });
});
