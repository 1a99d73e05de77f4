import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { NetworkAdapter } from '../adapter/network.ts';
import type { OperatorCommand } from '../adapter/operator-command.ts';
import { loadAdapter } from '../config/index.ts';
import { resolvePackage } from '../config/resolve-package.ts';
import { adoptInto } from './adopt.ts';
import { type Command, type Context, configFlag } from './command.ts';
import { commands } from './commands.ts';

/**
 * What an adapter brings, where the first word is the name of one: `drawbridge irc import`. It is loaded
 * only then.
 *
 * @throws {AdapterError}
 */
export async function adapterCommands(
  [name = '']: readonly string[],
  context: Context,
): Promise<readonly Command[]> {
  if (!isAdapter(name, context)) return [];
  const { adapters, io } = context;
  const adapter = await loadAdapter(name, { adapters, configPath: configBeside(io.cwd) });
  return commandsOf(name, adapter);
}

/** Its own words go before. */
function isAdapter(name: string, { adapters, io }: Context): boolean {
  const isOurs = commands.some((command) => command.name.split(' ')[0] === name);
  if (!/^[@a-z]/.test(name) || isOurs) return false;
  const isKnown = Object.hasOwn(adapters, name);
  return isKnown || resolvePackage(name, createRequire(configBeside(io.cwd))) !== undefined;
}

const configBeside = (cwd: string): string => resolve(cwd, 'config.yaml');

const commandsOf = (name: string, { operatorCommands = [] }: NetworkAdapter) =>
  operatorCommands.map((one) => asCommand(name, one));

const asCommand = (
  adapter: string,
  { name, summary, needs, flags = [], run }: OperatorCommand,
): Command => ({
  name: `${adapter} ${name}`,
  summary,
  ...(needs && { needs }),
  flags: [...flags, configFlag],
  run: (context, input) =>
    run({
      args: input.args,
      options: input.options,
      cwd: context.io.cwd,
      out: context.io.out,
      adopt: (adoption, how) => adoptInto(context, input, { adoption, ...how }),
    }),
});
