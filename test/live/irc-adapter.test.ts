import { afterEach, expect, it, vi } from 'vitest';
import { irc } from '../../bridges/irc/index.ts';
import { remoteChatId } from '../../src/adapter/index.ts';
import { memoryHost } from '../../src/testing/index.ts';
import { startInspircd, startNgircd } from './servers/irc.ts';
import { requirePart } from './servers/require-part.ts';
import { IrcPerson } from './support/irc-person.ts';

const inspircd = await requirePart('inspircd');
const ngircd = await requirePart('ngircd');
for (const [name, part, start] of [
  ['inspircd', inspircd, startInspircd],
  ['ngircd', ngircd, startNgircd],
] as const)
  part.describe(name, () => {
    it('talks both ways', async () => {
      const server = await start({ root: part.root, history: true });
      const config = irc.config.parse({ host: '127.0.0.1', port: server.port, tls: false });
      const { signal } = new AbortController();
      const mh = memoryHost({ config, signal });
      const network = await irc.open(mh.host);
      const chat = remoteChatId('#a');
      const bob = await IrcPerson.enter(server.port, 'bob');
      await bob.join('#a');
      await network.watch?.({ chat }, undefined, signal);
      const session = await network.session(mh.voice('ann', 'enlisted', 'Ann Ä'), signal);
      await session.join?.(chat, signal);
      bob.say('#a', 'hello \x02there\x02');
      const action = {
        kind: 'message',
        chat,
        speaker: { userId: '@ann:x', displayName: 'Ann' },
        body: { text: 'hi bob\nsecond' },
      } as const;
      const enc = await session.on.message.encode?.(action, signal);
      for (const [n, wire] of enc!.parts.entries())
        console.log(
          await session.on.message.send(
            { key: `k${n}`, action, wire, firstTriedAtMs: Date.now() },
            signal,
          ),
        );
      await bob.hears('#a', `${session.self}: second`).catch((e) => console.log(String(e)));
      console.log(bob.lines.map((l) => l.raw).slice(-8));
      await vi.waitFor(() => expect(JSON.stringify(mh.emitted)).toContain('hello'));
      console.log(mh.emitted, await network.chat?.({ chat }, signal), session.self);
      console.log(mh.disk.values, mh.log);
      await network.close();
      await server.stop();
    });
  });
