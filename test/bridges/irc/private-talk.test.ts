import { describe, expect, it, vi } from 'vitest';
import { remoteChatId, remoteUserId } from '../../../src/adapter/index.ts';
import { say } from './bench.ts';
import { enter, listening } from './listening.ts';

async function voiceWith(privateMessages: unknown) {
  const opened = await listening({}, undefined, {}, { privateMessages });
  const bob = await enter(opened.server, 'bob');
  const ann = await opened.enlist('ann');
  return { ...opened, bob, ann };
}

describe('private messages', () => {
  it.each([false, ['@somebody:*']])(
    'are not passed on to who may have none, and their sender is told: %j',
    async (who) => {
      const { bob, ann, server, emitted } = await voiceWith(who);
      const before = emitted.length;
      server.client('ann[m]').say(`:${bob.mask} PRIVMSG ann[m] :psst`);
      await vi.waitFor(() =>
        expect(server.client('ann[m]').sent('NOTICE')).toEqual([
          'NOTICE bob :I am on a bridge, and get no private messages. Talk to me in a channel.',
        ]),
      );
      expect(emitted).toHaveLength(before);
      const off = { code: 'not_allowed', message: 'Private messages are switched off for you' };
      await expect(say(ann, 'psst', 'k', remoteChatId('bob'))).rejects.toMatchObject(off);
      await expect(
        ann.direct?.(remoteUserId('bob'), AbortSignal.timeout(5_000)),
      ).rejects.toMatchObject(off);
    },
  );

  it.each([true, ['@voice-ann:*']])('go both ways for who may have some: %j', async (who) => {
    const { bob, ann, server, emitted } = await voiceWith(who);
    await say(ann, 'psst', 'k', remoteChatId('bob'));
    server.client('ann[m]').say(`:${bob.mask} PRIVMSG ann[m] :what?`);
    await vi.waitFor(() =>
      expect(emitted.at(-1)).toMatchObject({ sender: 'bob', receiver: 'voice-ann' }),
    );
  });
});
