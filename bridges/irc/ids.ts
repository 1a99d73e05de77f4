import { randomUUID } from 'node:crypto';
import {
  BridgeError,
  type RemoteChatId,
  type RemoteMessageId,
  type RemoteUserId,
  remoteChatId,
  remoteMessageId,
  remoteUserId,
} from '#adapter';
import type { Features } from './wire/isupport.ts';
import type { Line } from './wire/line.ts';

/*
 * Ids are names as the server compares them, so they depend on its CASEMAPPING: none may be made
 * before the server has said it. A chat is a channel, or the nick at the other end.
 */

export const userIdOf = (nick: string, features: Features): RemoteUserId =>
  remoteUserId(features.fold(nick));

export const chatIdOf = (name: string, features: Features): RemoteChatId =>
  remoteChatId(features.fold(name));

/** The server's id, the same in a replay. Without one the message is never told again, so any will do. */
export const messageIdOf = ({ tags }: Line): RemoteMessageId =>
  remoteMessageId(tags.get('msgid') ?? `~${randomUUID()}`);

/** Whether a server knows a message by this id: others are of our own making. */
export const isServersId = (id: RemoteMessageId): boolean => !/^~[0-9a-f-]{36}$/.test(id);

/**
 * Whom to address to reach a chat.
 *
 * @throws {BridgeError} `not_allowed`: it is no name, or would address several.
 */
export function targetOf(chat: RemoteChatId | RemoteUserId): string {
  if (/^[^\s\p{Cc},:$][^\s\p{Cc},]*$/u.test(chat)) return chat;
  throw new BridgeError('not_allowed', 'That is no name on IRC', { effect: 'none' });
}

export const isChannelChat = (chat: RemoteChatId, features: Features): boolean =>
  features.isChannel(chat);

/** What may be asked of a server as a channel: it has a known beginning, and nothing that ends a name. */
export function isChannelName(name: string, features: Features): boolean {
  const short = name.length <= (features.channelLength ?? 200);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the protocol names these (RFC 2812 1.3)
  return features.isChannel(name) && name.length > 1 && short && !/[\0\x07\r\n ,]/.test(name);
}

/** What may be a person's name. Which letters it may have differs from server to server. */
export function isNick(name: string, features: Features): boolean {
  const isShort = name !== '' && name.length <= (features.nickLength ?? 64);
  const isFree = !features.isChannel(name) && !features.prefixSigns.includes(name.charAt(0));
  return isShort && isFree && /^[^\s\p{Cc}!@*?,:$][^\s\p{Cc}!@*?,:]*$/u.test(name);
}

/** Under this a taking back is remembered: the line that comes back carries no key. */
export const redactionKey = (target: string): string => `REDACT ${target}`;
