import {
  BridgeError,
  fitsMask,
  type Handler,
  type MatrixActionKind,
  type RemoteChatId,
} from '#adapter';
import type { IrcConfig } from './config.ts';

/** What somebody of IRC is told who talks in private to a Matrix user who may not. */
export const NOT_PRIVATE =
  'I am on a bridge, and get no private messages. Talk to me in a channel.';

/** Whether a Matrix user may talk with people of IRC in private. */
export function mayTalkInPrivate(
  { privateMessages: who }: Pick<IrcConfig, 'privateMessages'>,
  userId: string,
): boolean {
  return typeof who === 'boolean' ? who : who.some((mask) => fitsMask(userId, mask));
}

/** The same handler, which refuses what is not for a channel. */
export function inChannelsOnly<K extends MatrixActionKind>(
  handler: Handler<K>,
  isChannel: (chat: RemoteChatId) => boolean,
): Handler<K> {
  const { encode, send, lookup } = handler;
  return {
    async encode(action, signal) {
      if (!isChannel(action.chat)) throw switchedOff();
      return (await encode?.call(handler, action, signal)) ?? { parts: [] };
    },
    send: (part, signal) => send.call(handler, part, signal),
    ...(lookup && { lookup: (part, signal) => lookup.call(handler, part, signal) }),
  };
}

export const switchedOff = () =>
  new BridgeError('not_allowed', 'Private messages are switched off for you', { effect: 'none' });
