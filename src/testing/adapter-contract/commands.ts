import { expect } from 'vitest';
import { BridgeError } from '../../adapter/index.ts';
import { hostile } from './hostile.ts';
import type { AdapterPromise } from './promise.ts';
import { failure } from './sending.ts';

const patienceMs = 5_000;

/** What an adapter promises of the commands that it brings with it. */
export const commandPromises: readonly AdapterPromise[] = [
  {
    title: 'names its commands so that they can be typed and told apart, each with a line of help',
    async check(bench, skip) {
      const { commands } = (await bench.open()).network;
      if (!commands) return skip('it has no commands');
      const names = commands.map(({ name }) => name);
      for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(new Set(names).size).toBe(names.length);
      for (const { summary, usage } of commands) {
        expect(summary).toMatch(/^\S.*$/);
        expect(usage).toMatch(/^.*$/);
      }
    },
  },
  {
    title: 'answers a command in words, or fails with a BridgeError, whatever was typed',
    async check(bench, skip) {
      const { network, call } = await bench.open();
      if (!network.commands) return skip('it has no commands');
      for (const command of network.commands)
        for (const words of ['', 'nobody', 'some more words', ...hostile]) {
          let answer: string | undefined;
          const error = await failure(
            command.run(call(words), AbortSignal.timeout(patienceMs)).then((said) => {
              answer = said;
            }),
          );
          if (error === undefined) expect(answer).toMatch(/\S/);
          else expect(error).toBeInstanceOf(BridgeError);
        }
    },
  },
];
