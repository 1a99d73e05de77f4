import { expect, it } from 'vitest';
import type { RemoteMessageId } from '../../src/adapter/index.ts';
import { chat, meeting, sayBody, words } from './support/irc-bench.ts';
import { ircServers } from './support/irc-servers.ts';

const { both, inspircd } = await ircServers({ history: true });

const bold = (text: string) => ({ text, html: `<b>${text}</b>` });

for (const { name, describe, serve } of both)
  describe(`words on ${name}`, () => {
    it('look as they do in Matrix, each line by itself', async () => {
      const { ann, bob } = await meeting(await serve());
      await sayBody(ann, bold('strong '.repeat(150)));
      await sayBody(ann, { text: 'x', html: '<u>under</u><p>next' });
      await bob.hears('#a', 'ann[m]: next');
      const heard = bob.heard('#a').map((line) => line.replace('ann[m]: ', ''));
      expect(heard.slice(-2)).toEqual(['\x1funder', 'next']);
      expect(heard.length).toBeGreaterThan(3);
      for (const line of heard.slice(0, -2))
        expect(line.replace(/(?:strong ?)+$/, '')).toBe('\x02');
      expect(
        heard
          .slice(0, -2)
          .join('')
          .match(/strong/g),
      ).toHaveLength(150);
    });
  });

inspircd.describe('a channel that takes no colours', () => {
  it('gets plain words, and loses none of those that had codes', async () => {
    const { ann, bob, emitted, emits } = await meeting(await inspircd.serve());
    /** Until the bot has heard it as well. */
    const set = async (modes: string) => {
      bob.raw(`MODE #a ${modes}`);
      bob.say('#a', modes);
      await emits(() => expect(words(emitted)).toContain(`bob: ${modes}`));
    };
    bob.raw('MODE #a +c');
    await sayBody(ann, bold('blocked'));
    await bob.hears('#a', 'ann[m]: blocked');
    await set('-c+S');
    await sayBody(ann, { text: 'x', html: '<span data-mx-spoiler>stripped</span>' });
    await bob.hears('#a', 'ann[m]: [spoiler: stripped]');
    await set('-S');
    await sayBody(ann, bold('free'));
    await bob.hears('#a', 'ann[m]: \x02free');
    expect(bob.heard('#a')).toHaveLength(3);
  });
});

inspircd.describe('a server that passes tags on', () => {
  it('carries answers and reactions both ways', async () => {
    const { ann, bob, emitted, emits } = await meeting(await inspircd.serve());
    bob.raw('CAP REQ :message-tags');
    bob.say('#a', 'who?');
    await emits(() => expect(words(emitted)).toEqual(['bob: who?']));
    const { id: asked } = emitted.at(-1) as { id: RemoteMessageId };
    const [mine] = await sayBody(ann, { text: 'me' }, { replyTo: asked });
    await bob.until(
      ({ raw }) => raw.includes(`+draft/reply=${asked}`) && raw.endsWith('PRIVMSG #a :me'),
      'the answer',
    );
    const speaker = { userId: '@ann:example.org', displayName: 'Ann' };
    const about = { kind: 'reaction', chat, speaker, target: asked, emoji: '👍' } as const;
    for (const removed of [false, true]) {
      const action = { ...about, removed };
      const encoded = await ann.on.reaction!.encode!(action, AbortSignal.timeout(5_000));
      const part = { key: `r${removed}/0`, action, wire: encoded.parts[0]!, firstTriedAtMs: 0 };
      const sent = await ann.on.reaction!.send(part, AbortSignal.timeout(5_000));
      expect(sent.ids).toHaveLength(1);
      const tag = removed ? '+draft/unreact=👍' : '+draft/react=👍';
      await bob.until(({ raw }) => raw.includes(tag) && raw.endsWith('TAGMSG :#a'), tag);
    }
    bob.raw(`@+reply=${mine} PRIVMSG #a :ah`);
    bob.raw(`@+draft/reply=${mine};+draft/react=🎉 TAGMSG #a`);
    bob.raw(`@+draft/reply=${mine};+draft/unreact=🎉 TAGMSG #a`);
    await emits(() =>
      expect(emitted.slice(-3)).toMatchObject([
        { kind: 'message', replyTo: mine, body: { text: 'ah' } },
        { kind: 'reaction', sender: 'bob', target: mine, emoji: '🎉', removed: false },
        { kind: 'reaction', sender: 'bob', target: mine, emoji: '🎉', removed: true },
      ]),
    );
  });
});
