import { resolve } from 'node:path';
import type { PlaygroundOptions } from '../playground/run.ts';
import { type Command, type Context, type Input, UsageError } from './command.ts';

/** A homeserver, a small network and a bridge between them, to look at in a browser. */
export const playgroundCommand: Command = {
  name: 'playground',
  summary: 'Show a bridge at work on this machine alone, in a browser',
  flags: [
    {
      flags: '--dir <folder>',
      description: 'where it keeps its data',
      fallback: 'playground-data',
    },
    {
      flags: '--port <port>',
      description: 'of its page; without it 8420, or the next that is free',
    },
    { flags: '--open', description: 'show the page in the browser' },
  ],
  async run(context, input) {
    const options = chosen(context, input);
    const stopping = new AbortController();
    const forget = context.io.onStop(() => stopping.abort());
    try {
      const { runPlayground } = await import('../playground/run.ts');
      return await runPlayground(options, context.io, stopping.signal);
    } finally {
      forget();
    }
  },
};

function chosen({ io, executable }: Context, { options }: Input): PlaygroundOptions {
  return {
    dir: resolve(io.cwd, String(options['dir'])),
    ...(options['port'] === undefined ? {} : { port: portOf(String(options['port'])) }),
    open: options['open'] === true,
    executable,
    adapter: 'loopback',
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port takes a number from 0 to 65535, not ${text}`);
}
