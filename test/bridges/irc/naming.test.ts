import { expect, it, onTestFinished, vi } from 'vitest';
import type { Mention, RemoteEvent } from '../../../src/adapter/index.ts';
import { memoryDisk } from '../../../src/testing/index.ts';
import { chat, openOn, speaker } from './bench.ts';
import { ScriptedServer } from './scripted-server.ts';

/** A bot and Ann's nick in a channel where Bob is, and Carol is not. */
async function channel(options = {}, disk = memoryDisk()) {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  const opened = await openOn(server.port, options, { disk });
  await opened.watch();
  const session = await opened.enlist();
  await session.join?.(chat, opened.signal);
  const bot = server.client('drawbridge');
  bot.say(':Bob!b@h JOIN #a');
  await vi.waitFor(() => expect(opened.emitted.at(-1)?.kind).toBe('member'));
  const mentionsOf = async (text: string) => {
    const found = await vi.waitFor(() => {
      const said = opened.emitted.find(
        (event): event is RemoteEvent<'message'> =>
          event.kind === 'message' && event.body.text === text,
      );
      expect(said).toBeDefined();
      return said;
    });
    return found?.body.mentions;
  };
  return { ...opened, server, session, bot, mentionsOf };
}

it('names in a channel whoever is there, a voice of ours too', async () => {
  const { bot, mentionsOf } = await channel({ commonNicks: ['BOB'] });
  bot.say(':Bob!b@h PRIVMSG #a :ANN[M]: are carol and drawbridge here');
  expect(await mentionsOf('ANN[M]: are carol and drawbridge here')).toEqual([
    { start: 0, end: 6, voice: 'voice-ann' },
  ]);
  bot.say(':eve!e@h PRIVMSG #a :bob: I mean bob');
  expect(await mentionsOf('bob: I mean bob')).toEqual([{ start: 0, end: 3, user: 'bob' }]);
});

it('names in a private chat nobody but whose it is', async () => {
  const { server, mentionsOf } = await channel();
  server.client('ann[m]').say(':carol!c@h PRIVMSG ann[m] :ann[m], bob says hi');
  expect(await mentionsOf('ann[m], bob says hi')).toEqual([
    { start: 0, end: 6, voice: 'voice-ann' },
  ]);
});

it('says the nick of whoever is named', async () => {
  const { session, server, signal } = await channel();
  const mentions: readonly Mention[] = [
    { start: 0, end: 6, user: 'bob' as never },
    { start: 7, end: 10, voice: 'voice-ann' as never },
    { start: 11, end: 14, voice: 'voice-eve' as never },
  ];
  const body = { text: 'Robert Ann Eve', mentions };
  const action = { kind: 'message', chat, speaker, body } as const;
  const [wire] = (await session.on.message.encode?.(action, signal))?.parts ?? [];
  expect(Buffer.from(wire ?? []).toString()).toBe('PRIVMSG #a :Bob: ann[m] Eve');
  expect(server.client('ann[m]').sent('PRIVMSG')).toEqual([]);
});

it('names nobody where the network does not want it', async () => {
  const { bot, server, mentionsOf } = await channel({ mentionsToMatrix: false });
  bot.say(':Bob!b@h PRIVMSG #a :ann[m]: and bob');
  expect(await mentionsOf('ann[m]: and bob')).toBeUndefined();
  server.client('ann[m]').say(':carol!c@h PRIVMSG ann[m] :ann[m], hi');
  expect(await mentionsOf('ann[m], hi')).toBeUndefined();
});

it('leaves whoever switched that off as plain words, also after a start', async () => {
  const disk = memoryDisk();
  const first = await channel({}, disk);
  const ask = (words: string, { network, voice } = first) => {
    const own = voice('voice-ann', 'enlisted', 'ann');
    const asked = { isOpen: true, open: async () => first.session, letGo: async () => {} };
    const call = { words, speaker, voice: { ...own, ...asked }, invite: async () => undefined };
    const command = network.commands?.find(({ name }) => name === 'mentions');
    return command?.run(call, AbortSignal.timeout(5_000));
  };
  expect(await ask('')).toBe('You are called when your nick is said on IRC.');
  expect(await ask('off')).toBe('You are not called when your nick is said on IRC.');
  first.bot.say(':Bob!b@h PRIVMSG #a :ann[m] and bob');
  expect(await first.mentionsOf('ann[m] and bob')).toEqual([{ start: 11, end: 14, user: 'bob' }]);
  first.server.client('ann[m]').say(':carol!c@h PRIVMSG ann[m] :ann[m], hi');
  expect(await first.mentionsOf('ann[m], hi')).toBeUndefined();
  await first.close();

  const second = await channel({}, disk);
  second.bot.say(':Bob!b@h PRIVMSG #a :ann[m]: again');
  expect(await second.mentionsOf('ann[m]: again')).toBeUndefined();
  expect(await ask('on', second)).toBe('You are called when your nick is said on IRC.');
  second.bot.say(':Bob!b@h PRIVMSG #a :ann[m]: now');
  expect(await second.mentionsOf('ann[m]: now')).toHaveLength(1);
});

it('says what may be said, and what the network does not want', async () => {
  const own = async (options: object, words: string, isOwn = true) => {
    const { network, voice, session } = await channel(options);
    const asked = { isOpen: true, open: async () => session, letGo: async () => {} };
    const mine = { voice: { ...voice('voice-ann', 'enlisted', 'ann'), ...asked } };
    const call = { words, speaker, ...(isOwn && mine), invite: async () => undefined };
    const command = network.commands?.find(({ name }) => name === 'mentions');
    return command?.run(call, AbortSignal.timeout(5_000));
  };
  expect(await own({}, 'perhaps')).toBe('Say on or off.');
  expect(await own({}, 'off', false)).toBe('This takes a nick of your own.');
  expect(await own({ mentionsToMatrix: false }, 'on')).toBe(
    'Nobody is called when their nick is said on this network.',
  );
});
