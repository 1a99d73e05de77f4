import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { readFaults } from '../server/faults.ts';
import { addProviderCommands } from './provider.ts';
import { serve } from './serve.ts';
import { addUserCommands } from './user.ts';
import type { Io } from './with-admin.ts';

/** Runs the command that `args` name, and says how it ended: 0 done, 1 it failed, 2 it was called wrongly. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const program = new Command('gatekeeper')
    .description('AliceChat: a reference gatekeeper, which speaks the Gatekeeper Interop API')
    .option('--data <folder>', 'where its database, keys and files lie', 'alicechat')
    .option('--domain <domain>', 'who it is', 'alicechat.example')
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    })
    .showSuggestionAfterError()
    .exitOverride();
  addServe(program, io);
  addUserCommands(program, io);
  addProviderCommands(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    io.err(`gatekeeper: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

function addServe(program: Command, io: Io): void {
  program
    .command('serve')
    .description('listens until it is told to stop')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <number>', '0: one that is free', port, 8448)
    .option('--origin <url>', 'where everybody finds it, such as https://gia.example.org')
    .option('--cert <file>', 'PEM; without it a test certificate is made')
    .option('--key <file>', 'PEM')
    .option('--metrics-port <number>', 'for Prometheus, on this machine only', port)
    .option(
      '--faults <list>',
      'for tests: what goes wrong, like sendMessage:drop=5,*:slow=1',
      faults,
    )
    .option(
      '--here <names...>',
      'for trials: media domains that are on this machine; NODE_EXTRA_CA_CERTS names their certificates',
    )
    .option('--trial', 'makes the users alice and anna, whose passwords are their names')
    .action(async (options) => serve({ ...program.opts(), ...options }, io));
}

function port(text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('it is a number from 0 to 65535');
  return value;
}

function faults(text: string) {
  try {
    return readFaults(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
