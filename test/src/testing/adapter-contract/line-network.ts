import { z } from 'zod';
import type { NetworkAdapter } from '../../../../src/adapter/index.ts';
import type { AdapterFixture } from '../../../../src/testing/index.ts';

/** A network of bare lines, and an adapter to it that cleans what it is given, or does not. */
export function lineFixture(clean: (text: string) => string): AdapterFixture {
  let wire = '';
  const lines = () => wire.split(/[\r\n\0]/).filter((line) => line !== '');
  const write = (command: string, text: string) => {
    wire += `${command} :${clean(text)}\r\n`;
  };
  const adapter: NetworkAdapter = {
    id: 'lines',
    displayName: 'Lines',
    config: z.strictObject({}),
    voices: ['enlisted'],
    open: async () => ({
      commands: [
        {
          name: 'ask',
          usage: 'WORDS',
          summary: 'asks something',
          async run({ words }) {
            write('ASK', words);
            return 'It was asked.';
          },
        },
      ],
      async session(voice) {
        write('NICK', voice.speaker?.displayName ?? '');
        return {
          on: {
            message: {
              async send({ action }) {
                write('SAY', action.body.text);
                return { ids: [] };
              },
            },
            member: {
              async send({ action }) {
                write('KICK', action.reason ?? '');
                return { ids: [] };
              },
            },
          },
          async close() {},
        };
      },
      async close() {},
    }),
  };
  return {
    adapter,
    chat: 'room',
    said: async () =>
      lines().flatMap((line) => (line.startsWith('SAY :') ? [line.slice('SAY :'.length)] : [])),
    commands: async () => lines(),
    stop: async () => {},
  };
}
