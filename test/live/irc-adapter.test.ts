import { describe } from 'vitest';
import { irc } from '../../bridges/irc/index.ts';
import { type AdapterFixture, adapterContract } from '../../src/testing/index.ts';
import { type IrcServer, startInspircd, startNgircd } from './servers/irc.ts';
import { IrcProxy } from './servers/irc-proxy.ts';
import { requirePart } from './servers/require-part.ts';
import { hasty } from './support/irc-bench.ts';
import { IrcPerson } from './support/irc-person.ts';

const inspircd = await requirePart('inspircd');
const ngircd = await requirePart('ngircd');

/** A server with somebody who listens and somebody who speaks, and a proxy before it. */
async function contractFixture(
  server: IrcServer,
  more: (proxy: IrcProxy) => Partial<AdapterFixture>,
  voice: 'enlisted' | 'relay',
): Promise<AdapterFixture> {
  const proxy = await IrcProxy.start(server.port);
  const enter = async (nick: string) => {
    const person = await IrcPerson.enter(server.port, nick);
    await person.join('#a');
    return person;
  };
  const [zed, bob] = await Promise.all([enter('zed'), enter('bob')]);
  /** Once the server has told all that was said before. */
  const isTold = async (person: IrcPerson) => {
    const before = person.lines.length;
    person.raw('PING :told');
    await person.until(({ command }) => command === 'PONG', 'a pong', before);
  };
  return {
    adapter: irc,
    config: { host: '127.0.0.1', port: proxy.port, tls: false, ...hasty },
    voice,
    chat: '#a',
    unknownChat: '#nowhere',
    said: async () => {
      await isTold(zed);
      return zed.heard('#a').map((line) => line.replace(/^\S+: (?:<Ann> )?/, ''));
    },
    speak: async (text) => {
      bob.say('#a', text);
      await isTold(bob);
    },
    commands: async () => proxy.commands,
    ...more(proxy),
    stop: async () => {
      for (const person of [zed, bob]) person.quit();
      await proxy.stop();
      await server.stop();
    },
  };
}

const faultsOf = (proxy: IrcProxy) => {
  const back = async () => {
    proxy.toServer = 'pass';
    proxy.toClient = 'pass';
    proxy.cut();
  };
  return [
    {
      name: 'the answer is lost',
      begin: async () => {
        proxy.toClient = 'lose';
      },
      end: back,
    },
    {
      name: 'the line is lost',
      begin: async () => {
        proxy.toServer = 'lose';
      },
      end: back,
    },
    { name: 'the connection is cut before', begin: async () => proxy.cut(), end: async () => {} },
  ];
};
const faults = ['the answer is lost', 'the line is lost', 'the connection is cut before'];

inspircd.describe('on inspircd', () => {
  for (const voice of ['enlisted', 'relay'] as const)
    describe(`the ${voice} voice`, () => {
      const able = (proxy: IrcProxy) => ({
        cut: async () => proxy.cut(),
        faults: faultsOf(proxy),
      });
      adapterContract(
        async () =>
          contractFixture(await startInspircd({ root: inspircd.root, history: true }), able, voice),
        { faults },
      );
    });
});

ngircd.describe('on ngircd', () => {
  for (const voice of ['enlisted', 'relay'] as const)
    describe(`the ${voice} voice`, () => {
      const able = (proxy: IrcProxy) => ({ faults: faultsOf(proxy) });
      adapterContract(
        async () => contractFixture(await startNgircd({ root: ngircd.root }), able, voice),
        { faults },
      );
    });
});
