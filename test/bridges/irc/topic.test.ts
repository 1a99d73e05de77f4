import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../bridges/irc/wire/clock.ts';
import type { Part, RemoteEvent } from '../../../src/adapter/index.ts';
import { memoryDisk } from '../../../src/testing/index.ts';
import { chat, openOn, speaker } from './bench.ts';
import { listening, serve } from './listening.ts';
import type { Script, ScriptedServer } from './scripted-server.ts';

const titles = (events: readonly RemoteEvent[]) =>
  events.flatMap((event) =>
    event.kind === 'title' ? [`${event.sender ?? 'nobody'}: ${event.topic}`] : [],
  );

/** A server on which everybody may set a topic, and which tells it to whoever joins. */
function withTopic(topic: { text: string; by: string; atS: number }) {
  let server: ScriptedServer | undefined;
  const deal: Script['deal'] = (client, command, [name = '', text]) => {
    const tellIt = () => {
      if (topic.text === '') client.say(`:s 331 ${client.nick} ${name} :No topic is set`);
      else client.say(`:s 332 ${client.nick} ${name} :${topic.text}`);
      if (topic.text !== '') client.say(`:s 333 ${client.nick} ${name} ${topic.by} ${topic.atS}`);
    };
    if (command === 'JOIN') client.join(name);
    if (command === 'JOIN' && topic.text !== '') tellIt();
    if (command === 'TOPIC' && text === undefined) tellIt();
    if (command === 'TOPIC' && text !== undefined) {
      topic.text = text;
      server?.tell(name, `:${client.mask} TOPIC ${name} :${text}`);
    }
    return command === 'JOIN' || command === 'TOPIC';
  };
  const on = (started: ScriptedServer) => {
    server = started;
  };
  return { deal, on };
}

async function setting(topic = { text: '', by: 'bob!b@h', atS: 0 }) {
  const { deal, on } = withTopic(topic);
  const server = await serve({ deal, isupport: ['TOPICLEN=20'] });
  on(server);
  const opened = await openOn(server.port);
  await opened.watch();
  const session = await opened.enlist('ann');
  await session.join?.(chat, opened.signal);
  const { title } = session.on;
  if (!title?.encode || !title.lookup) throw new Error('It sets no topics');
  const { encode, lookup } = { encode: title.encode.bind(title), lookup: title.lookup.bind(title) };
  const partOf = async (text: string): Promise<Part<'title'>> => {
    const action = { kind: 'title', chat, speaker, topic: text } as const;
    const { parts } = await encode(action, opened.signal);
    return {
      key: 'k',
      action,
      firstTriedAtMs: systemClock.now(),
      ...(parts[0] && { wire: parts[0] }),
    };
  };
  const set = async (text: string) => title.send(await partOf(text), opened.signal);
  const look = async (text: string) => lookup(await partOf(text), opened.signal);
  return { ...opened, server, encode, set, look, topic };
}

describe('a topic of a channel', () => {
  it('is told with who has set it, without its colours', async () => {
    const { bot, emitted } = await listening();
    bot.say(':bob!b@h TOPIC #A :\x02tea\x02');
    bot.say(':Cyd!c@h TOPIC #a :');
    await vi.waitFor(() => expect(titles(emitted)).toEqual(['bob: tea', 'cyd: ']));
  });

  it('is nobody`s where a server has set it, and where one of ours has', async () => {
    const { bot, emitted, set } = await setting().then((all) => ({
      ...all,
      bot: all.server.client('drawbridge'),
    }));
    await set('tea');
    bot.say(':irc.test TOPIC #a :cake');
    await vi.waitFor(() => expect(titles(emitted)).toEqual(['nobody: tea', 'nobody: cake']));
  });

  it('that was there when the channel was linked is no news, one that was set meanwhile is', async () => {
    const topic = { text: 'old', by: 'bob!b@h', atS: 1_700_000_000 };
    const { deal } = withTopic(topic);
    const server = await serve({ deal });
    const disk = memoryDisk();
    const first = await openOn(server.port, {}, { disk });
    await first.watch();
    await first.close();
    topic.text = 'new';
    const second = await openOn(server.port, {}, { disk });
    await second.watch();
    const news = { kind: 'title', sender: 'bob', topic: 'new', sentAtMs: 1_700_000_000_000 };
    await vi.waitFor(() => expect(second.emitted).toContainEqual(expect.objectContaining(news)));
    await second.close();
    const third = await openOn(server.port, {}, { disk });
    await third.watch();
    await third.close();
    expect(titles(third.emitted)).toEqual(['bob: new']);
  });

  it('that was taken away meanwhile is told as well', async () => {
    const topic = { text: 'old', by: 'bob!b@h', atS: 1_700_000_000 };
    const { deal } = withTopic(topic);
    const server = await serve({ deal });
    const disk = memoryDisk();
    const first = await openOn(server.port, {}, { disk });
    await first.watch();
    await first.close();
    topic.text = '';
    const second = await openOn(server.port, {}, { disk });
    await second.watch();
    await vi.waitFor(() => expect(titles(second.emitted)).toEqual(['nobody: ']));
    server.client('drawbridge').say(':bob!b@h TOPIC #a :new');
    await vi.waitFor(() => expect(titles(second.emitted).slice(1)).toEqual(['bob: new']));
    server.client('drawbridge').cut();
    await vi.waitFor(() => expect(titles(second.emitted).slice(2)).toEqual(['nobody: ']));
  });
});

describe('Retitle', () => {
  it('sets a topic on one line, or takes it away', async () => {
    const { set, server } = await setting();
    expect(await set('tea\r\nand cake')).toEqual({ ids: [] });
    expect(await set('')).toEqual({ ids: [] });
    const { lines } = server.client('ann[m]');
    expect(lines.filter((line) => line.startsWith('TOPIC'))).toEqual([
      'TOPIC #a :tea and cake',
      'TOPIC #a :',
    ]);
  });

  it('refuses what would be cut off, and another name', async () => {
    const { set, encode, signal } = await setting();
    await expect(set('x'.repeat(21))).rejects.toMatchObject({ code: 'too_large', effect: 'none' });
    const action = { kind: 'title', chat, speaker, name: 'b' } as const;
    await expect(encode(action, signal)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('says when it may not', async () => {
    const { set, server } = await setting();
    const deal: Script['deal'] = (client, command) => {
      if (command === 'TOPIC') client.say(`:s 482 ${client.nick} #a :You're not channel operator`);
      return command === 'TOPIC';
    };
    server.script = { ...server.script, deal };
    await expect(set('tea')).rejects.toMatchObject({
      code: 'not_allowed',
      effect: 'none',
      message: '#a: it is no channel operator (482)',
    });
  });

  it('knows after a doubt whether it was set, as far as anybody can know', async () => {
    const { look, topic, server, session } = await setting().then(async (all) => ({
      ...all,
      session: await all.enlist('cyd'),
    }));
    expect(await look('tea')).toBe('cannot-tell');
    Object.assign(topic, { text: 'tea', atS: Math.floor(Date.now() / 1_000) });
    expect(await look('tea')).toEqual({ ids: [] });
    expect(await look('cake')).toBe('cannot-tell');
    server.client('ann[m]').say(`@time=${new Date().toISOString()} :s NOTICE ann[m] :the time`);
    Object.assign(topic, { atS: Math.floor(Date.now() / 1_000) - 60 });
    expect(await look('cake')).toBe('absent');
    await session.close();
  });
});
