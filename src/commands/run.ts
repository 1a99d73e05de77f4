import type { NetworkOptions } from '../engine/options.ts';
import type { Answer } from './answer.ts';
import { bridge } from './bridge.ts';
import { cancel } from './cancel.ts';
import { type Call, type Command, mayUse } from './command.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { status } from './status.ts';
import { unbridge } from './unbridge.ts';

const help: Command = {
  name: 'help',
  usage: '',
  summary: 'says this',
  run: async ({ network }) => helpText(network),
};

const commands: readonly Command[] = [bridge, unbridge, status, login, logout, cancel, help];

const helpText = ({ command, displayName }: NetworkOptions): string =>
  [
    `Commands for ${displayName}:`,
    ...commands.map(({ name, usage, summary }) =>
      `${command} ${name} ${usage}`.trim().concat(`: ${summary}`),
    ),
  ].join('\n');

/** Runs the command that somebody means. @param networks those that its first word is for. */
export async function runCommand(
  asked: Omit<Call, 'network' | 'args'>,
  networks: readonly NetworkOptions[],
): Promise<Answer> {
  if (!mayUse(asked)) return 'You are not allowed to use this bridge.';
  const words = asked.event.body.text.trim().split(/\s+/).slice(1);
  const named = networks.find(({ id }) => id === words[0]);
  const network = named ?? networks[0];
  if (!network || (!named && networks.length > 1))
    return `Say which network: ${networks.map(({ id, command }) => `${command} ${id} help`).join(' or ')}`;
  const [name = 'help', ...args] = named ? words.slice(1) : words;
  const command = commands.find((one) => one.name === name.toLowerCase());
  if (!command) return `There is no command ${name}.\n${helpText(network)}`;
  return command.run({ ...asked, network, args });
}
