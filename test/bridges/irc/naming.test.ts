import { expect, it, onTestFinished, vi } from 'vitest';
import type { Mention, RemoteEvent } from '../../../src/adapter/index.ts';
import { chat, openOn, speaker } from './bench.ts';
import { ScriptedServer } from './scripted-server.ts';

/** A bot and Ann's nick in a channel where Bob is, and Carol is not. */
async function channel(options = {}) {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  const opened = await openOn(server.port, options);
  await opened.watch();
  const session = await opened.enlist();
  await session.join?.(chat, opened.signal);
  const bot = server.client('drawbridge');
  bot.say(':Bob!b@h JOIN #a');
  await vi.waitFor(() => expect(opened.emitted.map(({ kind }) => kind)).toEqual(['member']));
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
