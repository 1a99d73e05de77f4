import type { NetworkOptions } from '../engine/options.ts';
import { audited, sayRefused } from '../operator/audit.ts';
import type { Answer } from './answer.ts';
import { bridge } from './bridge.ts';
import { cancel } from './cancel.ts';
import { type Call, type Command, isAdmin, isPrivate, mayUse, ONLY_ADMINS } from './command.ts';
import { commandsOf, runForNetwork } from './for-network.ts';
import { kill } from './kill.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { optin, optout } from './opting.ts';
import { status } from './status.ts';
import { unbridge } from './unbridge.ts';
import { user } from './user.ts';

const help: Command = {
  name: 'help',
  usage: '',
  summary: 'says this',
  run: async (call) => helpText(call),
};

const commands: readonly Command[] = [
  ...[bridge, unbridge, status, login, logout, cancel, optout, optin, user, kill, help],
];

const NOT_ALLOWED = 'You are not allowed to use this bridge.';

const isFor =
  (call: Call) =>
  ({ adminsOnly }: Command) =>
    !adminsOnly || isAdmin(call);

function helpText(call: Call): string {
  const { command, displayName } = call.network;
  return [
    `Commands for ${displayName}:`,
    ...[...commands.filter(isFor(call)), ...commandsOf(call)].map(({ name, usage, summary }) =>
      `${command} ${name} ${usage}`.trim().concat(`: ${summary}`),
    ),
  ].join('\n');
}

/** Runs the command that somebody means. @param networks those that its first word is for. */
export async function runCommand(
  asked: Omit<Call, 'network' | 'args' | 'rest'>,
  networks: readonly NetworkOptions[],
): Promise<Answer> {
  const [, words] = firstWord(asked.event.body.text);
  const [id, wordsForIt] = firstWord(words);
  const named = networks.find((one) => one.id === id);
  const network = named ?? networks[0];
  if (!network || (!named && networks.length > 1))
    return `Say which network: ${networks.map(({ id, command }) => `${command} ${id} help`).join(' or ')}`;
  const [name, rest] = firstWord(named ? wordsForIt : words);
  const args = rest.split(/\s+/).filter((word) => word !== '');
  const call: Call = { ...asked, network, rest, args };
  const wanted = name.toLowerCase() || help.name;
  const own = commands.find((one) => one.name === wanted);
  if (!own?.forEverybody && !mayUse(asked)) return NOT_ALLOWED;
  if (own) return own.adminsOnly ? runForAdmin(own, call) : own.run(call);
  return (await runForNetwork(wanted, call)) ?? `There is no command ${name}.\n${helpText(call)}`;
}

/** What is said of people is for nobody else to read. */
async function runForAdmin(command: Command, call: Call): Promise<Answer> {
  const { context, event, network, rest } = call;
  const asked = { by: event.sender, what: command.name, network: network.id, arguments: rest };
  const refused = (reason: string) => sayRefused(context.log, asked, reason);
  if (!isAdmin(call)) return refused(ONLY_ADMINS);
  if (!(await isPrivate(call))) return refused('Say this where nobody is but you and me.');
  return audited(context.log, asked, () => command.run(call));
}

/** The first word, and what comes after it. */
function firstWord(text: string): readonly [word: string, rest: string] {
  const [, word = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(text) ?? [];
  return [word, rest];
}
