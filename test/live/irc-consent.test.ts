import { expect, it, vi } from 'vitest';
import { remoteChatId } from '../../src/adapter/index.ts';
import { enter, open, patient } from './support/irc-bench.ts';
import { ircServers } from './support/irc-servers.ts';

const { both } = await ircServers();
const secret = remoteChatId('#secret');

for (const { name, describe, serve } of both)
  describe(`an operator on ${name}`, () => {
    it('decides whether a secret channel is bridged, as long as they are one', async () => {
      const server = await serve();
      const bob = await enter(server, 'bob');
      await bob.join('#secret');
      bob.raw('MODE #secret +s');
      bob.raw('MODE bob +i');
      const { network, signal } = await open(server.port, { askChannelOperators: true });
      const asker = { userId: '@ann:example.org', displayName: 'Ann' };
      const wish = { chat: secret, asker, room: { id: '!r:hs' }, forMs: 300_000 };
      async function asked() {
        const before = bob.lines.length;
        const ended = new AbortController();
        const question = await network.askToLink?.(wish, AbortSignal.any([signal, ended.signal]));
        const { params } = await bob.until(
          (line) => line.nick === 'drawbridge' && /Say “yes/.test(line.params[1] ?? ''),
          'a question',
          before,
        );
        const [code = ''] = /yes \d+/.exec(params[1] ?? '') ?? [];
        return { question, code, end: () => ended.abort() };
      }
      const first = await asked();
      bob.say('drawbridge', first.code);
      expect(await first.question?.answer).toBe('yes');
      first.end();
      await bob.until((line) => line.command === 'PART' && line.nick === 'drawbridge', 'it to go');
      const second = await asked();
      bob.raw('MODE #secret -o bob');
      bob.say('drawbridge', second.code);
      expect(await second.question?.answer).toBe('not-theirs');
      second.end();
      await vi.waitFor(
        () =>
          expect(network.askToLink?.(wish, signal)).rejects.toMatchObject({ code: 'not_allowed' }),
        patient,
      );
    });
  });
