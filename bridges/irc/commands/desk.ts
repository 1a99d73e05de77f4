import { BridgeError, type CommandCall, type Host, type VoiceId } from '#adapter';
import type { IrcConfig } from '../config.ts';
import { chatIdOf } from '../ids.ts';
import { standing } from '../mouths.ts';
import type { Observer } from '../observer.ts';
import type { EnlistedSession } from '../session.ts';
import type { Connection } from '../wire/connection.ts';

/** Where commands are worked: what they need of the network. */
export interface Desk {
  readonly host: Host<IrcConfig>;
  readonly observer: Observer;
  /** The voice that is out under this id. */
  session(id: VoiceId): EnlistedSession | undefined;
}

/** The asker's own nick, out on the network. @throws {BridgeError} */
export async function ownSession(desk: Desk, { voice }: CommandCall): Promise<EnlistedSession> {
  await voice?.open();
  const session = voice && desk.session(voice.id);
  if (session) return session;
  throw ownNick();
}

export const ownNick = () =>
  new BridgeError('not_allowed', 'This takes a nick of your own', { effect: 'none' });

/** For what the bot can ask as well, for those without a nick of their own. @throws {BridgeError} */
export async function anyConnection(desk: Desk, call: CommandCall): Promise<Connection> {
  if (!call.voice) return standing(desk.observer.link.current);
  return standing((await ownSession(desk, call)).current);
}

/**
 * For what is asked about a channel: of the one that the room is linked to the bot hears all. Of any
 * other nobody is told more than the server tells to them. @throws {BridgeError}
 */
export async function connectionFor(desk: Desk, call: CommandCall, channel: string) {
  const { link, features, channels } = desk.observer;
  const chat = chatIdOf(channel, features);
  if (chat === call.chat) return standing(link.current);
  // Of where it stands the bot is told what strangers are not.
  if (!call.voice && channels.get(chat)) throw ownNick();
  return anyConnection(desk, call);
}

/** The first word, and what comes after it. */
export function firstWord(words: string): readonly [word: string, rest: string] {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(words) ?? [];
  return [word, rest];
}
