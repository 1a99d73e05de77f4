import { randomUUID } from 'node:crypto';
import { BridgeError } from '../adapter/errors.ts';
import type { NetworkOptions } from '../engine/options.ts';
import { PrivateRooms } from '../engine/private-rooms.ts';
import { speak } from '../engine/speak.ts';
import { CAME_LATE } from '../engine/tell.ts';
import { MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import { type Answer, answerContent, inWords } from './answer.ts';
import { type CommandTools, isPrivate, mayUse } from './command.ts';
import { LinkQuestions } from './link-questions.ts';
import { LoginDialogs } from './login-dialogs.ts';
import { runCommand } from './run.ts';

type Message = MatrixEvent<'message'>;

/** So long after a start a network may still be on its way to open: a command waits for it. */
const OPENING_MS = 20_000;

/** Answers commands to the bot, `!irc bridge #chat`, and answers to its questions. Says whether the words were one. */
export function createCommands(
  tools: CommandTools,
): (event: Message, isLate: boolean) => Promise<boolean> {
  const { context, logins } = tools;
  const { matrix, keys, log, clock } = context;
  /** Rooms in which somebody was told, or need not be. Once, as two bots could answer each other for ever. */
  const seen = new Set<string>();
  const startedAtMs = clock.now();
  const dialogs = new LoginDialogs({ logins, now: () => clock.now(), erase, sayLater });
  const questions = new LinkQuestions(sayLater);
  const rooms = new PrivateRooms(context);

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

  /** @throws {BridgeError} while its network may still be opening: the room's lane tries it again. */
  async function outcome(event: Message, networks: readonly NetworkOptions[]): Promise<Answer> {
    await rooms.heard(event, networks);
    try {
      return await runCommand({ ...tools, dialogs, questions, event }, networks);
    } catch (error) {
      const isStarting = clock.now() - startedAtMs < OPENING_MS;
      const isAway = error instanceof BridgeError && error.code === 'unreachable';
      if (isStarting && isAway && error.effect === 'none') throw error;
      return inWords(error);
    }
  }

  /** Somebody talks to the bot as if it were a person, or answers what it has forgotten. */
  async function isLostOnBot(event: Message): Promise<boolean> {
    if (seen.has(event.roomId) || event.body.as === 'notice') return false;
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
      return answer(event, isLate ? CAME_LATE : await outcome(event, networks));
    if (!mayUse({ context, event })) return false;
    const answered = await dialogs.answer(event).catch(inWords);
    if (answered !== undefined) return answer(event, answered);
    return (await isLostOnBot(event)) ? answer(event, hint()) : false;
  };
}
