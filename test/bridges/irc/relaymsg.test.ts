import { describe, expect, it, vi } from 'vitest';
import {
  type MessageBody,
  type NetworkSession,
  remoteMessageId,
} from '../../../src/adapter/index.ts';
import { chat, partsOf, say, shown, speaker } from './bench.ts';
import { listening } from './listening.ts';
import type { Script } from './scripted-server.ts';

const MODERN = ['message-tags', 'batch', 'server-time', 'echo-message', 'labeled-response'];
const offering = (separator = '/') => [...MODERN, `draft/relaymsg=${separator}`];

const labelOf = (lines: readonly string[]) => /label=([^; ]+)/.exec(lines.at(-1) ?? '')?.[1];

/** As servers do it: everybody in the channel hears a PRIVMSG of that name, the bot as well. */
const relays: Script['deal'] = (client, command, [channel = '', nick = '', text = '']) => {
  if (command !== 'RELAYMSG') return false;
  const { server } = client;
  const tags = `msgid=${server.nextId()};draft/relaymsg=${client.nick}`;
  const line = `:${nick}!relay@relayed PRIVMSG ${channel} :${text}`;
  client.say(`@label=${labelOf(client.lines)};${tags} ${line}`);
  server.tell(channel, `@${tags} ${line}`, client);
  return true;
};

/** Refuses it, as where the bot is no operator of the channel. */
const refuses: Script['deal'] = (client, command) => {
  if (command !== 'RELAYMSG') return false;
  const label = labelOf(client.lines);
  client.say(`@label=${label} :s FAIL RELAYMSG PRIVS_NEEDED :You must be an operator`);
  return true;
};

async function relaying(script: Script, options: object = {}) {
  const opened = await listening(script, undefined, {}, options);
  const relay = await opened.relay();
  await relay.join?.(chat, opened.signal);
  const spoken = () => [...opened.bot.sent('RELAYMSG'), ...opened.bot.sent('PRIVMSG')];
  return { ...opened, relay, spoken };
}

async function sayBody(relay: NetworkSession, body: MessageBody, more: object = {}) {
  const action = { kind: 'message', chat, speaker, body, ...more } as const;
  const signal = AbortSignal.timeout(5_000);
  const encoded = await relay.on.message.encode?.(action, signal);
  for (const [n, wire] of (encoded?.parts ?? []).entries())
    await relay.on.message.send({ key: `k/${n}`, action, wire, firstTriedAtMs: 0 }, signal);
}

describe('RELAYMSG', () => {
  it('lets the bot speak under the name of who speaks, certain by its echo, and told to nobody', async () => {
    const { relay, bot, spoken, emitted } = await relaying({ caps: offering(), deal: relays });

    expect(await say(relay, 'hi all')).toEqual([{ ids: ['m1'] }]);
    await sayBody(relay, { text: 'waves', as: 'emote' });

    expect(spoken()).toEqual([
      'RELAYMSG #a Ann/mx :hi all',
      'RELAYMSG #a Ann/mx :\x01ACTION waves\x01',
    ]);
    bot.say('@msgid=x :bob!b@h PRIVMSG #a :done');
    await vi.waitFor(() => expect(shown(emitted)).toEqual(['bob: done']));
  });

  it('has the separator that the server wants', async () => {
    const { relay, spoken } = await relaying({ caps: offering('~/'), deal: relays });
    await say(relay, 'hi');
    expect(spoken()).toEqual(['RELAYMSG #a Ann~mx hi']);
  });

  it('is given up for a channel where the bot may not, and nothing is lost or said twice', async () => {
    const { relay, spoken } = await relaying({ caps: offering(), deal: refuses });

    await say(relay, 'one');
    await sayBody(relay, { text: 'two', as: 'emote' });

    expect(spoken()).toEqual([
      'RELAYMSG #a Ann/mx one',
      'PRIVMSG #a :<Ann> one',
      'PRIVMSG #a :* Ann two',
    ]);
  });

  it('says an emote as the bot does where it is refused', async () => {
    const { relay, spoken } = await relaying({ caps: offering(), deal: refuses });
    await sayBody(relay, { text: 'waves', as: 'emote' });
    expect(spoken().at(-1)).toBe('PRIVMSG #a :* Ann waves');
  });

  it.each([
    ['it is switched off', { caps: offering() }, { relayNicks: false }],
    ['the server has it not', { caps: MODERN }, {}],
    ['nobody could tell which line is refused', { caps: ['message-tags', 'draft/relaymsg=/'] }, {}],
  ])('is not used where %s', async (_, script, options) => {
    const { relay, spoken } = await relaying(script, options);
    await say(relay, 'hi');
    expect(spoken()).toEqual(['PRIVMSG #a :<Ann> hi']);
  });

  it('leaves to the bot what answers something, and notices', async () => {
    const { relay, spoken } = await relaying({ caps: offering(), deal: relays });
    await sayBody(relay, { text: 'yes' }, { replyTo: 'm9' });
    await sayBody(relay, { text: 'beep', as: 'notice' });
    expect(spoken()).toEqual(['PRIVMSG #a :<Ann> yes']);
  });

  it('is in doubt after a crash, as its key comes back to nobody', async () => {
    const { relay, signal } = await relaying({ caps: offering(), deal: relays });
    const [part] = await partsOf(relay, 'hi');
    const sought = { ...part!, firstTriedAtMs: Date.now() + 1_000 };
    expect(await relay.on.message.lookup?.(sought, signal)).toBe('cannot-tell');
    const plain = { ...sought, wire: Buffer.from('PRIVMSG #a :<Ann> hi') };
    expect(await relay.on.message.lookup?.(plain, signal)).toBe('absent');
  });

  it('is put as the bot does where the server has it no longer', async () => {
    const { relay, bot, spoken, heard } = await relaying({ caps: offering(), deal: relays });
    const [part] = await partsOf(relay, 'hi');
    bot.say(':s CAP * DEL :draft/relaymsg');
    bot.say(':bob!b@h PRIVMSG #a :it is gone');
    await heard('bob: it is gone');

    await relay.on.message.send(part!, AbortSignal.timeout(5_000));

    expect(spoken()).toEqual(['PRIVMSG #a :<Ann> hi']);
  });

  it('is known as ours by its name in a history that has no such tags', async () => {
    const said = (second: number, nick: string) =>
      `@time=2026-11-21T10:00:0${second}.000Z;msgid=h${second} :${nick}!x@y PRIVMSG #a :${second}`;
    const history = [said(1, 'bob'), said(2, 'Ann/mx'), said(3, 'zed/d'), said(4, 'bob')];
    const newest = { id: remoteMessageId('h1'), atMs: Date.UTC(2026, 10, 21, 10, 0, 1) };
    const { heard } = await listening({ caps: offering(), history }, newest);
    await heard('zed/d: 3', 'bob: 4');
  });

  it('of another bot is heard as somebody of that name', async () => {
    const { bot, heard } = await relaying({ caps: offering(), deal: relays });
    bot.say('@msgid=z;draft/relaymsg=otherbot :zed/d!x@y PRIVMSG #a :hey');
    await heard('zed/d: hey');
  });
});
