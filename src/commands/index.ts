import { BridgeError } from '../adapter/errors.ts';
import type { NetworkOptions } from '../engine/options.ts';
import { speak } from '../engine/speak.ts';
import { MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import { bridge } from './bridge.ts';
import type { Command, CommandTools } from './command.ts';
import { status } from './status.ts';
import { unbridge } from './unbridge.ts';

const help: Command = {
  name: 'help',
  usage: '',
  summary: 'says this',
  run: async ({ network }) => helpText(network),
};

const commands: readonly Command[] = [bridge, unbridge, status, help];

const helpText = ({ command, displayName }: NetworkOptions): string =>
  [
    `Commands for ${displayName}:`,
    ...commands.map(({ name, usage, summary }) =>
      `${command} ${name} ${usage}`.trim().concat(`: ${summary}`),
    ),
  ].join('\n');

/** Answers commands to the bot: `!irc bridge #chat`. Says whether the words were one. */
export function createCommands(
  tools: CommandTools,
): (event: MatrixEvent<'message'>) => Promise<boolean> {
  const { context } = tools;

  async function answer(event: MatrixEvent<'message'>, text: string): Promise<void> {
    await speak(context, {
      roomId: event.roomId,
      marker: context.keys.marker('answer', event.id),
      maybeSaidSinceMs: (await context.storage.journal.receivedAtMs(event.id)) ?? 0,
      content: { kind: 'notice', text, replyTo: event.id },
    });
  }

  async function run(event: MatrixEvent<'message'>, networks: readonly NetworkOptions[]) {
    const permission = context.permission(event.sender);
    if (permission !== 'use' && permission !== 'admin')
      return 'You are not allowed to use this bridge.';
    const words = event.body.text.trim().split(/\s+/).slice(1);
    const named = networks.find(({ id }) => id === words[0]);
    const network = named ?? networks[0];
    if (!network || (!named && networks.length > 1))
      return `Say which network: ${networks.map(({ id, command }) => `${command} ${id} help`).join(' or ')}`;
    const [name = 'help', ...args] = named ? words.slice(1) : words;
    const command = commands.find((one) => one.name === name.toLowerCase());
    if (!command) return `There is no command ${name}.\n${helpText(network)}`;
    return command.run({ ...tools, event, network, args });
  }

  return async (event) => {
    const [first] = event.body.text.trim().split(/\s+/, 1);
    const networks = context.networks.filter(({ command }) => command === first?.toLowerCase());
    if (networks.length === 0) return false;
    await answer(event, await run(event, networks).catch(inWords));
    return true;
  };
}

/** What could not be done is said; what must wait for the homeserver is tried again by the room's lane. */
function inWords(error: unknown): string {
  if (error instanceof BridgeError)
    return `This could not be done: the network says “${error.code}”. Try again later, or ask whoever runs the bridge.`;
  if (error instanceof MatrixError && error.kind === 'refused')
    return `This could not be done: the homeserver says “${error.errcode ?? error.status}”. Is the bot in the room, and may it do this?`;
  throw error;
}
