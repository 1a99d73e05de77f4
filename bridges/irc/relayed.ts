import type { Speaker } from '#adapter';
import { nickFor } from './identity.ts';
import type { Features } from './wire/isupport.ts';
import type { Line } from './wire/line.ts';
import type { Machine } from './wire/machine.ts';

/**
 * What a bot says under the names of others: `RELAYMSG channel nick text`. Everybody hears a PRIVMSG of that nick, which
 * has a separator in it, as no other nick can; who asks for the capability hears by a tag which bot it was.
 *
 * @see https://github.com/ircv3/ircv3-specifications/pull/417
 */
export const RELAYMSG = 'draft/relaymsg';

/** Behind the separator, in each name that we speak under. By it our own lines are known in a history without tags. */
const ENDING = 'mx';
const SEPARATOR = '/';
const NICK_LENGTH = 30;

/** Of a server without labels nobody could tell which line it refuses. */
export const canRelay = ({ caps }: Machine): boolean =>
  caps.on.has(RELAYMSG) && caps.on.has('labeled-response');

/** Which bot has said a line under another name. */
export const relayerOf = ({ tags }: Line): string | undefined => tags.get(RELAYMSG);

/** Whether a name is one that we speak under. */
export const isRelayedNick = (nick: string): boolean => /[^A-Za-z0-9]mx$/.test(nick);

export function relayedNick(speaker: Speaker, { features, caps }: Machine): string {
  const separator = caps.values.get(RELAYMSG)?.charAt(0) || SEPARATOR;
  const end = separator + ENDING;
  return nickFor('{displayName}', speaker, lengthIn(features) - end.length) + end;
}

const lengthIn = ({ nickLength = NICK_LENGTH }: Features): number => nickLength;
