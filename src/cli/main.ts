import type { AdapterRegistry } from '../config/index.ts';
import { processIo } from './io.ts';
import { runCli } from './program.ts';

/** The command line of this process, with the networks that come along. Ends it with the exit code. */
export async function runMain(adapters: AdapterRegistry): Promise<void> {
  const [, executable = '', ...args] = process.argv;
  const io = processIo();
  process.on('uncaughtException', (error) => {
    io.err(`drawbridge: ${args.includes('--verbose') ? error.stack : error.message}`);
    process.exit(1);
  });
  const code = await runCli(args, { io, adapters, executable });
  // A timer or socket that an adapter forgot must not keep the process. What was printed goes first.
  process.stdout.write('', () => process.exit(code));
}
