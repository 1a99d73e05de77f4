import { Command as Commander, CommanderError } from 'commander';
import { BridgeError } from '../adapter/errors.ts';
import { AdapterError, ConfigError } from '../config/index.ts';
import { StorageError } from '../ports/storage-error.ts';
import { type Command, type Context, type ExitCode, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { adapterCommands } from './for-adapter.ts';

const exitCodes = `
Exit codes: 0 done, 1 it failed, 2 it was called or configured wrongly, or its database is damaged.`;

/** Their own are not listed: an adapter is loaded only when it is named. */
const networksHelp = (names: readonly string[]) => `
What a network brings besides: ${names.map((name) => `drawbridge ${name} --help`).join(', ')}`;

/**
 * Runs the command that `args` name (without the interpreter and the script) and says how it ended.
 * It never throws, and shows nobody a stack who did not ask for one.
 */
export async function runCli(args: readonly string[], context: Context): Promise<ExitCode> {
  const { io } = context;
  let code: ExitCode = 0;
  const program = new Commander('drawbridge')
    .description('Links Matrix to other chat networks')
    .option('--verbose', 'show where an unexpected error came from')
    .addHelpText('after', networksHelp(Object.keys(context.adapters)) + exitCodes)
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    })
    .showSuggestionAfterError()
    .exitOverride();
  try {
    for (const command of [...commands, ...(await adapterCommands(args, context))])
      register(program, command, async (input) => {
        code = await command.run(context, input);
      });
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return tell(error, context, program.opts()['verbose'] === true);
  }
}

function register(
  program: Commander,
  { name, summary, needs = [], mayHave = [], flags = [] }: Command,
  run: (input: Parameters<Command['run']>[1]) => Promise<void>,
) {
  const words = name.split(' ');
  const parent = words.length > 1 ? group(program, words[0] ?? '') : program;
  const command = parent.command(words.at(-1) ?? name).description(summary);
  for (const argument of needs) command.argument(`<${argument}>`);
  for (const argument of mayHave) command.argument(`[${argument}]`);
  for (const { flags: text, description, fallback } of flags)
    command.option(text, description, fallback);
  command.action(() => run({ args: command.args, options: command.opts() }));
}

const group = (program: Commander, name: string): Commander =>
  program.commands.find((command) => command.name() === name) ??
  program.command(name).description(`see \`drawbridge ${name} --help\``);

function tell(error: unknown, { io }: Context, isVerbose: boolean): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError) {
    for (const line of error.message.split('\n')) io.err(line);
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  io.err(`drawbridge: ${message}`);
  if (isVerbose && error instanceof Error) io.err(error.stack ?? '');
  return isTheirs(error) ? 2 : 1;
}

/** They have to mend something before it is tried again. */
const isTheirs = (error: unknown): boolean =>
  error instanceof UsageError ||
  error instanceof AdapterError ||
  isToBeMended(error) ||
  (error instanceof BridgeError && error.code === 'not_allowed');

/** A storage that another try finds as it is now. */
const isToBeMended = (error: unknown): boolean =>
  error instanceof StorageError && error.kind !== 'away';
