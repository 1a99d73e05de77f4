import { BridgeError, type MatrixAction, type RemoteChatId } from '#adapter';
import type { ClientTags } from './client-tags.ts';
import { writableLines } from './format.ts';
import { targetOf } from './ids.ts';
import type { Features } from './wire/isupport.ts';
import { buildLine } from './wire/line.ts';
import type { Machine } from './wire/machine.ts';
import { sizeBytes, splitText } from './wire/split.ts';

/** What most servers allow at most, where they do not say (RFC 2812; a host name has 63). */
const LONGEST_NICK = 32;
const LONGEST_USER = 12;
const LONGEST_HOST = 64;

/** What a line needs to know of the voice that will say it. */
export type Self = Pick<Machine, 'features' | 'user' | 'host'>;

/** How many bytes a text may have in `:nick!user@host COMMAND target :text`, with its line end. */
export function textRoomBytes(command: string, target: string, self: Self): number {
  const around = `${command} ${target} :`;
  return self.features.lineLengthBytes - 2 - prefixBytes(self) - sizeBytes(around);
}

function prefixBytes({ features, user, host }: Self): number {
  const nickLength = features.nickLength ?? LONGEST_NICK;
  const userLength =
    user === undefined ? (features.userLength ?? LONGEST_USER) + 1 : sizeBytes(user);
  const hostLength = host === undefined ? (features.hostLength ?? LONGEST_HOST) : sizeBytes(host);
  return sizeBytes(':!@ ') + nickLength + userLength + hostLength;
}

/** A new topic, on one line. What would be cut off is refused: nobody here would know. */
export function topicLine({ chat, topic }: MatrixAction<'title'>, self: Self): string {
  if (topic === undefined)
    throw new BridgeError('unsupported', 'A channel keeps its name', { effect: 'none' });
  const text = writableLines(topic).join(' ');
  const channel = targetOf(chat);
  const roomBytes = textRoomBytes('TOPIC', channel, self);
  const mostBytes = Math.min(self.features.topicLength ?? roomBytes, roomBytes);
  if (sizeBytes(text) > mostBytes)
    throw new BridgeError('too_large', `A topic has ${mostBytes} bytes at most`, {
      effect: 'none',
    });
  return buildLine('TOPIC', [channel, text]);
}

/** What is to be said to the server so that somebody comes to be what the action wants. @param bans whether any are set. */
export function memberLines(
  action: MatrixAction<'member'>,
  features: Features,
  bans: boolean,
): readonly string[] {
  const channel = targetOf(action.chat);
  const nick = targetOf(action.who);
  const reason = writableLines(action.reason ?? '').join(' ');
  const words = splitText(reason, features.kickLength ?? 180)[0];
  const kick = buildLine('KICK', [channel, nick, words ?? nick]);
  switch (action.is) {
    case 'out':
      return [kick];
    case 'banned':
      return bans ? [buildLine('MODE', [channel, '+b', `${nick}!*@*`]), kick] : [kick];
    case 'unbanned':
      return bans ? [buildLine('MODE', [channel, '-b', `${nick}!*@*`])] : [];
    case 'invited':
      return [buildLine('INVITE', [nick, channel])];
    case 'in':
      throw new BridgeError('unsupported', 'Nobody can be made to join on IRC', { effect: 'none' });
  }
}

/** What servers take at least in a QUIT. */
const LONGEST_PARTING = 200;
const WITHOUT_REASON = 'Leaving';

/** The words that somebody leaves the network with: on one line, as long as any server takes. */
export function partingWords(reason = ''): string {
  const text = writableLines(reason).join(' ').trim() || WITHOUT_REASON;
  return splitText(text, LONGEST_PARTING)[0] ?? WITHOUT_REASON;
}

/** Says no words, but what its tags say. */
export const taggedLine = (chat: RemoteChatId, tags: ClientTags): string =>
  buildLine('TAGMSG', [targetOf(chat)], tags);

/** @see https://ircv3.net/specs/client-tags/typing */
export function typingLine(target: string, isTyping: boolean): string {
  return buildLine('TAGMSG', [target], { '+typing': isTyping ? 'active' : 'done' });
}
