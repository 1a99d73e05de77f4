import { writeFile } from 'node:fs/promises';
import { loadAdapter } from '../config/index.ts';
import { printSample } from '../config/print-sample.ts';
import { type Command, type Context, configFlag, type Input, UsageError } from './command.ts';
import { configPath } from './settings.ts';

/** Writes a config to start from. One that is there is never overwritten. */
export const configInit: Command = {
  name: 'config init',
  summary: 'Write a config to start from',
  flags: [
    configFlag,
    {
      flags: '--adapter <name>',
      description: 'the kind of network, or the name of an npm package',
    },
  ],
  async run(context, input) {
    const path = configPath(context, input);
    const adapter = await loadAdapter(chosen(context, input), {
      adapters: context.adapters,
      configPath: path,
    });
    await writeNew(path, printSample([adapter]));
    context.io.out(`Wrote ${path}. Next: fill it in, then \`drawbridge config check\`,`);
    context.io.out('then `drawbridge registration > registration.local.yaml`.');
    return 0;
  },
};

function chosen({ adapters }: Context, { options }: Input): string {
  const known = Object.keys(adapters).join(', ');
  if (typeof options['adapter'] === 'string') return options['adapter'];
  throw new UsageError(
    `say which kind of network with --adapter (those that come along: ${known})`,
  );
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UsageError(`${path} is there already: remove it, or name another file with --config`);
  }
}
