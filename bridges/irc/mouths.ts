import { BridgeError } from '#adapter';
import { isChannelChat } from './ids.ts';
import { nickOf } from './naming.ts';
import type { Observer } from './observer.ts';
import type { Former } from './our-nicks.ts';
import { failureOfAsk, type Mouth } from './say.ts';
import type { Self } from './to-remote.ts';
import type { Connection } from './wire/connection.ts';
import { buildLine, type Line } from './wire/line.ts';

/**
 * A connection that we hold for cut may live on at the server, and a line in it may still be said.
 * If we have its nick again, or nobody of our mask has, it is gone.
 */
async function isGone(connection: Connection, former: Former, signal: AbortSignal): Promise<void> {
  const { nick } = former;
  if (nick === undefined) return;
  const { features, user, host } = connection.state;
  const isIt = (line: Line) => features.fold(line.params[1] ?? '') === features.fold(nick);
  const answer = await connection.ask(
    [buildLine('WHOIS', [nick])],
    (line) => (/^(?:311|318|401|402)$/.test(line.command) && isIt(line) ? line : undefined),
    signal,
  );
  const [, , itsUser, itsHost] = answer.params;
  if (answer.command === '311' && itsUser === user && itsHost === host)
    throw new BridgeError('unreachable', `The server still holds the connection of ${nick}`, {
      effect: 'unknown',
    });
  former.nick = undefined;
}

/** @throws {BridgeError} `unreachable` when there is none. */
export function standing(connection: Connection | undefined): Connection {
  if (connection) return connection;
  throw new BridgeError('unreachable', 'Not connected to the server', { effect: 'none' });
}

/** What speaks through a connection that comes and goes, and is heard by the bot. */
export function mouthOf(
  observer: Observer,
  current: () => Connection | undefined,
  former: Former = observer.former,
): Mouth {
  return {
    connection: () => standing(current()),
    get self(): Self {
      return current()?.state ?? { features: observer.features };
    },
    othersAreGone: (signal) => isGone(standing(current()), former, signal),
    nickOf: (who) => nickOf(who, observer),
    formattingIn: (chat) => observer.formattingIn(chat),
    refusesCodes: (chat) => observer.refusesCodes(chat),
    async lookup({ key, action, firstTriedAtMs }, signal) {
      if (!isChannelChat(action.chat, observer.features)) return 'cannot-tell';
      try {
        await isGone(standing(current()), former, signal);
        const channel = await observer.caughtUp(action.chat, signal);
        return channel?.find(key, firstTriedAtMs) ?? 'cannot-tell';
      } catch (error) {
        throw failureOfAsk(error);
      }
    },
  };
}
