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

/** One that encodes what it sends and can look it up, as all do that say something. */
export type Sayer<K extends MatrixActionKind> = Required<Omit<Handler<K>, 'dropsRepeats'>>;

/** The same handler, which refuses what is not for a channel. */
export const inChannelsOnly = <K extends MatrixActionKind>(
  handler: Sayer<K>,
  isChannel: (chat: RemoteChatId) => boolean,
): Sayer<K> => ({
  async encode(action, signal) {
    if (!isChannel(action.chat)) throw switchedOff();
    return handler.encode(action, signal);
  },
  send: (part, signal) => handler.send(part, signal),
  lookup: (part, signal) => handler.lookup(part, signal),
});

export const switchedOff = () =>
  new BridgeError('not_allowed', 'Private messages are switched off for you', { effect: 'none' });
