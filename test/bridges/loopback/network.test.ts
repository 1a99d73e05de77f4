import { describe, expect, it, vi } from 'vitest';
import { loopback } from '../../../bridges/loopback/index.ts';
import { remoteUserId } from '../../../src/adapter/index.ts';
import { memoryHost } from '../../../src/testing/index.ts';
import { startLoopbackNetwork } from '../../../src/testing/loopback-network/index.ts';
import { aNetwork, chat, open, part, say, signal, texts } from './fixture.ts';

describe('loopback', () => {
  it('tells what people and chats look like, its own voices left out', async () => {
    const { network, bob } = await aNetwork();
    const { remote, session, voice } = await open(network.url);
    await session(voice('v1', 'enlisted', 'Ann'));
    await session(voice('v2', 'relay'));
    await bob.setChat('lobby', { topic: 'Everything' });
    expect(await remote.chat?.({ chat }, signal)).toEqual({
      kind: 'group',
      name: 'lobby',
      topic: 'Everything',
      members: ['bob'],
    });
    expect(await remote.user?.(remoteUserId('bob'), signal)).toEqual({ name: 'Bob', isBot: false });
    expect(await remote.user?.(remoteUserId('bridge'), signal)).toMatchObject({ isBot: true });
    await expect(remote.user?.(remoteUserId('a/b'), signal)).rejects.toMatchObject({
      code: 'protocol',
    });
  });

  it('says that they look otherwise now', async () => {
    const { network, bob } = await aNetwork();
    const { changes } = await open(network.url);
    await bob.rename('Robert');
    await vi.waitFor(() => expect(changes).toEqual([{ user: 'bob' }]));
  });

  it('tells what a chat is called and about by whom, and without anybody what is our own', async () => {
    const { network, bob } = await aNetwork();
    const { session, voice, emitted } = await open(network.url);
    const { on } = await session(voice('v1', 'enlisted', 'Ann'));
    await bob.setChat('lobby', { topic: 'tea' });
    await on.title?.send(part({ kind: 'title', name: 'Lounge' }), signal);
    const titles = () => emitted.filter(({ kind }) => kind === 'title');
    await vi.waitFor(() => expect(titles()).toHaveLength(2));
    expect(titles()).toMatchObject([{ sender: 'bob', topic: 'tea' }, { name: 'Lounge' }]);
    expect(titles().map((event) => 'sender' in event)).toEqual([true, false]);
  });

  it('knows whom or what a name means', async () => {
    const { network } = await aNetwork();
    const { remote } = await open(network.url);
    const found = await Promise.all(
      ['bob', '#lobby', '#new room', 'nobody', '#direct:a+b', '#'].map((name) =>
        remote.resolve?.(name, signal),
      ),
    );
    expect(found).toEqual([
      { user: 'bob' },
      { chat: 'lobby' },
      { chat: 'new room' },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('reads what was said before it came, backwards, as it is now', async () => {
    const { network, bob } = await aNetwork();
    const ids: string[] = [];
    for (const text of ['one', 'two', 'three', 'four']) ids.push(await bob.say('lobby', text));
    await bob.edit('lobby', ids[0] ?? '', 'ONE');
    await bob.remove('lobby', ids[1] ?? '');
    const { remote, emitted } = await open(network.url);
    const newest = await remote.history?.({ chat, limit: 2 }, signal);
    expect(texts(newest?.events ?? [])).toEqual(['three', 'four']);
    const before = newest?.before ?? '';
    const oldest = await remote.history?.({ chat, limit: 2, before }, signal);
    expect(texts(oldest?.events ?? [])).toEqual(['ONE']);
    expect(oldest?.before).toBeUndefined();
    expect(oldest?.events[0]?.key).toBeDefined();
    expect(emitted).toEqual([]);
  });

  it('has its events dropped as repeats when the network shows them twice', async () => {
    const { network, bob } = await aNetwork();
    const { emitted, attempts } = await open(network.url);
    await bob.say('lobby', 'one');
    await vi.waitFor(() => expect(texts(emitted)).toEqual(['one']));
    network.misbehave({ is: 'repeat-events', count: 3, times: 2 });
    await bob.say('lobby', 'two');
    await vi.waitFor(() => expect(texts(emitted)).toContain('two'));
    expect(texts(emitted)).toEqual(['one', 'two']);
    expect(texts(attempts.flat())).toEqual(['one', 'one', 'two']);
  });

  it('begins where somebody else has read to meanwhile, such as another process', async () => {
    const { network, bob } = await aNetwork();
    const { emitted, host } = await open(network.url);
    await bob.say('lobby', 'zero');
    await vi.waitFor(() => expect(texts(emitted)).toEqual(['zero']));
    const read = network.log().length + 2;
    await host.state.save([host.state.change('cursor', Buffer.from(String(read)))]);
    for (const text of ['one', 'two', 'three']) await bob.say('lobby', text);
    await vi.waitFor(() => expect(texts(emitted)).toContain('three'));
    expect(texts(emitted)).toEqual(['zero', 'three']);
  });

  it('cannot be opened where nobody answers, or with a token of nobody', async () => {
    const { network } = await aNetwork();
    const openAt = (config: object) =>
      loopback.open(memoryHost({ config: loopback.config.parse(config), signal }).host);
    const stranger = openAt({ url: network.url, botToken: 'made-up' });
    await expect(stranger).rejects.toMatchObject({ code: 'logged_out' });
    await network.close();
    const nobody = openAt({ url: network.url.replace('127.0.0.1', 'localhost') });
    await expect(nobody).rejects.toMatchObject({ code: 'unreachable', effect: 'none' });
    expect(() => loopback.config.parse({ url: 'nowhere' })).toThrow(/url/i);
  });
});

describe('what loopback says of a failure', () => {
  const on = 'POST /chats/';
  it.each([
    [{ is: 'rate-limit', retryAfterMs: 1500 } as const, 'rate_limited', 'none', 1500],
    [{ is: 'refuse' } as const, 'not_allowed', 'none', undefined],
    [{ is: 'error', when: 'before' } as const, 'unreachable', 'unknown', undefined],
    [{ is: 'drop', when: 'after' } as const, 'unreachable', 'unknown', undefined],
  ])('%o: %s, effect %s', async (fault, code, effect, retryAfterMs) => {
    const { network } = await aNetwork();
    const { session, voice } = await open(network.url);
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    network.misbehave({ ...fault, on });
    await expect(say(ann, 'x')).rejects.toMatchObject({ code, effect, retryAfterMs });
  });

  it('is that the text is too long, where it is', async () => {
    const { network } = await aNetwork();
    const { session, voice } = await open(network.url);
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    const tooLarge = { code: 'too_large', effect: 'none' };
    for (const length of [16_385, 300_000])
      await expect(say(ann, 'x'.repeat(length), 'long')).rejects.toMatchObject(tooLarge);
    await say(ann, 'x'.repeat(16_384), 'fits');
  });

  it('is that nothing was sent, when it was given up before it began', async () => {
    const { network } = await aNetwork();
    const { session, voice } = await open(network.url);
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    const wire = Buffer.from('{"text":"x"}');
    const action = { ...part({ kind: 'message', body: { text: 'x' } }), wire };
    const given = ann.on.message.send(action, AbortSignal.abort());
    await expect(given).rejects.toMatchObject({ code: 'unreachable', effect: 'none' });
  });

  it('is that nothing was sent, when the network is not there at all', async () => {
    const network = await startLoopbackNetwork({ certainty: 'nothing' });
    const { session, voice } = await open(network.url, 'nothing');
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    await network.close();
    // The first may find the old connection broken, which says less.
    await say(ann, 'x').catch(() => {});
    const unreachable = { code: 'unreachable', effect: 'none' };
    await expect(say(ann, 'x')).rejects.toMatchObject(unreachable);
  });
});

describe('the lookup of loopback, where messages come back', () => {
  it('waits until the stream has caught up, and gives up when told to', async () => {
    const { network } = await aNetwork('echoes');
    const { session, voice, emitted } = await open(network.url, 'echoes');
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    network.misbehave({ is: 'drop', when: 'before', on: 'GET /events', times: 1000 });
    network.cut();
    await say(ann, 'one', 'key-1');
    const lost = { key: 'key-1', firstTriedAtMs: 0, action: {} as never };
    const impatient = ann.on.message.lookup?.(lost, AbortSignal.timeout(50));
    await expect(impatient).rejects.toMatchObject({ code: 'unreachable' });
    network.behave();
    expect(await ann.on.message.lookup?.(lost, signal)).toBe('absent');
    expect(emitted).toMatchObject([{ echoOf: 'key-1' }]);
  });

  it('does not wait for news when it has caught up already', async () => {
    const { network } = await aNetwork('echoes');
    const { session, voice } = await open(network.url, 'echoes');
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    const lost = { key: 'key-1', firstTriedAtMs: 0, action: {} as never };
    const soon = AbortSignal.timeout(5000);
    expect(await ann.on.message.lookup?.(lost, soon)).toBe('absent');
    expect(await ann.on.message.lookup?.(lost, soon)).toBe('absent');
  });

  it('does not wait for news at a new start either', async () => {
    const { network } = await aNetwork('echoes');
    const first = await open(network.url, 'echoes');
    await first.session(first.voice('v1', 'enlisted', 'Ann'));
    await vi.waitFor(async () =>
      expect(String(await first.host.state.get('cursor').then((at) => Buffer.from(at ?? [])))).toBe(
        String(network.log().length),
      ),
    );
    await first.remote.close();
    const second = await open(network.url, 'echoes', first.disk);
    const ann = await second.remote.session(second.voice('v1', 'enlisted', 'Ann'), signal);
    const lost = { key: 'key-1', firstTriedAtMs: 0, action: {} as never };
    expect(await ann.on.message.lookup?.(lost, AbortSignal.timeout(5000))).toBe('absent');
  });
});
