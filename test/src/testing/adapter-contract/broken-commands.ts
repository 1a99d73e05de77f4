import type { NetworkCommand } from '../../../../src/adapter/index.ts';
import { type Broken, changed } from './breaking.ts';

const ask: NetworkCommand = {
  name: 'ask',
  usage: '',
  summary: 'asks something',
  run: async () => 'Done.',
};

const bringing = (...commands: readonly NetworkCommand[]) =>
  changed(
    (host) => host,
    (network) => ({ ...network, commands }),
  );

/** Adapters that break what is promised of commands. */
export const brokenCommands: readonly Broken[] = [
  {
    name: 'has a command that nobody can type',
    promise: 'names its commands',
    adapter: bringing({ ...ask, name: 'Ask me' }),
  },
  {
    name: 'has two commands of one name',
    promise: 'names its commands',
    adapter: bringing(ask, ask),
  },
  {
    name: 'says nothing of what a command does',
    promise: 'names its commands',
    adapter: bringing({ ...ask, summary: '' }),
  },
  {
    name: 'answers a command with nothing',
    promise: 'answers a command in words',
    adapter: bringing({ ...ask, run: async () => '' }),
  },
  {
    name: 'lets a command fail with an error of its own',
    promise: 'answers a command in words',
    adapter: bringing({
      ...ask,
      run: async () => {
        throw new Error('what now?');
      },
    }),
  },
];
