import { randomUUID } from 'node:crypto';
import type { NetworkOptions } from '../engine/options.ts';
import { speak } from '../engine/speak.ts';
import { CAME_LATE } from '../engine/tell.ts';
import { MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import { type Answer, answerContent, inWords } from './answer.ts';
import { bridge } from './bridge.ts';
import { cancel } from './cancel.ts';
import { type Command, type CommandTools, isPrivate } from './command.ts';
import { login } from './login.ts';
import { LoginDialogs } from './login-dialogs.ts';
import { logout } from './logout.ts';
import { status } from './status.ts';
import { unbridge } from './unbridge.ts';

type Message = MatrixEvent<'message'>;

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

/** Answers commands to the bot, `!irc bridge #chat`, and answers to its questions. Says whether the words were one. */
export function createCommands(
  tools: CommandTools,
): (event: Message, isLate: boolean) => Promise<boolean> {
  const { context, logins } = tools;
  const { matrix, keys, log, clock } = context;
  /** Rooms in which somebody was told, or need not be. Once, as two bots could answer each other for ever. */
  const seen = new Set<string>();
  const dialogs = new LoginDialogs({ logins, now: () => clock.now(), erase, sayLater });

  async function erase({ id, roomId }: Message): Promise<boolean> {
    const marker = keys.marker('erase', id);
    const request = { roomId, as: matrix.bot, target: id, txnId: marker, mark: { marker } };
    try {
      await matrix.redact(request);
      return true;
    } catch (error) {
      if (error instanceof MatrixError && error.kind === 'refused') return false;
      throw error;
    }
  }

  async function sayLater(event: Message, answer: Answer): Promise<void> {
    const marker = keys.marker('later', event.id, randomUUID());
    const content = answerContent(event, answer);
    await speak(context, { roomId: event.roomId, marker, content }).catch((error: unknown) =>
      log('warn', 'Somebody could not be answered', { error: String(error) }),
    );
  }

  async function answer(event: Message, given: Answer): Promise<true> {
    await speak(context, {
      roomId: event.roomId,
      marker: keys.marker('answer', event.id),
      maybeSaidSinceMs: (await context.storage.journal.receivedAtMs(event.id)) ?? 0,
      content: answerContent(event, given),
    }).catch((error: unknown) => {
      if (!(error instanceof MatrixError) || error.kind !== 'refused') throw error;
      log('warn', 'Somebody could not be answered', { error: error.message });
    });
    return true;
  }

  const mayUse = ({ sender }: Message) => ['use', 'admin'].includes(context.permission(sender));

  async function run(event: Message, networks: readonly NetworkOptions[]): Promise<Answer> {
    if (!mayUse(event)) return 'You are not allowed to use this bridge.';
    const words = event.body.text.trim().split(/\s+/).slice(1);
    const named = networks.find(({ id }) => id === words[0]);
    const network = named ?? networks[0];
    if (!network || (!named && networks.length > 1))
      return `Say which network: ${networks.map(({ id, command }) => `${command} ${id} help`).join(' or ')}`;
    const [name = 'help', ...args] = named ? words.slice(1) : words;
    const command = commands.find((one) => one.name === name.toLowerCase());
    if (!command) return `There is no command ${name}.\n${helpText(network)}`;
    return command.run({ ...tools, dialogs, event, network, args });
  }

  /** Somebody talks to the bot as if it were a person, or answers what it has forgotten. */
  async function isLostOnBot(event: Message): Promise<boolean> {
    if (seen.has(event.roomId) || event.body.as === 'notice' || !mayUse(event)) return false;
    try {
      const isLost = await isPrivate({ context, event });
      seen.add(event.roomId);
      return isLost;
    } catch (error) {
      // The bot is not in the room: nobody talks to it there.
      if (error instanceof MatrixError && error.kind === 'refused') return false;
      throw error;
    }
  }

  function hint(): string {
    const all = [...new Set(context.networks.map(({ command }) => `“${command} help”`))];
    return `I only understand commands: say ${all.join(' or ')}. Nothing is under way here. If this was a secret, delete it.`;
  }

  return async (event, isLate) => {
    const [first] = event.body.text.trim().split(/\s+/, 1);
    const networks = context.networks.filter(({ command }) => command === first?.toLowerCase());
    if (networks.length > 0)
      return answer(event, isLate ? CAME_LATE : await run(event, networks).catch(inWords));
    const answered = await dialogs.answer(event).catch(inWords);
    if (answered !== undefined) return answer(event, answered);
    return (await isLostOnBot(event)) ? answer(event, hint()) : false;
  };
}
