import { BridgeError, type RemoteChatId, type RemoteMessageId } from '#adapter';
import { replyTags } from './client-tags.ts';
import { fill } from './identity.ts';
import { isChannelChat, isServersId } from './ids.ts';
import type { Named } from './mentions.ts';
import type { Calling } from './message-lines.ts';
import { nickOf } from './naming.ts';
import type { Observer } from './observer.ts';
import type { Former } from './our-nicks.ts';
import { passes } from './put.ts';
import type { Quoted } from './quotes.ts';
import { failureOfAsk, type Mouth } from './say.ts';
import type { Self } from './to-remote.ts';
import type { Connection } from './wire/connection.ts';
import { buildLine, type Line } from './wire/line.ts';
import { multilineLimits } from './wire/multiline.ts';

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

const isPassedOn = (connection: Connection | undefined, tag: string): boolean =>
  connection !== undefined && passes(connection, tag);

interface Where {
  readonly observer: Observer;
  readonly connection: Connection | undefined;
}

/** What something answers is told by tags, where these are passed on and the server knows it; else it is quoted. */
function callingIn(
  chat: RemoteChatId,
  answers: RemoteMessageId | undefined,
  { observer, connection }: Where,
): Calling {
  const calling = {
    nickOf: (who: Named) => nickOf(who, observer),
    formatting: observer.formattingIn(chat),
    multiline: connection && multilineLimits(connection.state.caps),
  };
  if (answers === undefined) return calling;
  const tags = replyTags(answers);
  if (isServersId(answers) && Object.keys(tags).every((tag) => isPassedOn(connection, tag)))
    return { ...calling, tags };
  const said = saidIn(observer, chat, answers);
  if (!said) return calling;
  return {
    ...calling,
    quote: fill(observer.config.replyQuote, { nick: said.nick, quote: said.text }),
  };
}

/** With the nick as it is written. */
function saidIn(observer: Observer, chat: RemoteChatId, id: RemoteMessageId): Quoted | undefined {
  const said = observer.channels.get(chat)?.recent.get(id);
  return said && { ...said, nick: observer.roster.person(said.nick)?.nick ?? said.nick };
}

/** The bot itself. */
export const botOf = (observer: Observer): Mouth => mouthOf(observer, () => observer.link.current);

/** What speaks through a connection that comes and goes, and is heard by the bot. */
export function mouthOf(
  observer: Observer,
  current: () => Connection | undefined,
  former: Former = observer.former,
): Mouth {
  const hearing = () => current() ?? observer.link.current;
  return {
    connection: () => standing(current()),
    get self(): Self {
      return current()?.state ?? { features: observer.features };
    },
    othersAreGone: (signal) => isGone(standing(current()), former, signal),
    calling: (chat, answers) => callingIn(chat, answers, { observer, connection: hearing() }),
    passes: (tag) => isPassedOn(hearing(), tag),
    has: (capability) => hearing()?.has(capability) ?? false,
    said: (chat, id) => saidIn(observer, chat, id),
    pasteLines: observer.config.pasteLines,
    refusesCodes: (chat) => observer.refusesCodes(chat),
    async lookup({ key, chat, firstTriedAtMs, hasWords }, signal) {
      if (!isChannelChat(chat, observer.features)) return 'cannot-tell';
      try {
        await isGone(standing(current()), former, signal);
        const channel = await observer.caughtUp(chat, signal);
        return channel?.find(key, firstTriedAtMs, hasWords) ?? 'cannot-tell';
      } catch (error) {
        throw failureOfAsk(error);
      }
    },
  };
}
