import { userIdOf } from './ids.ts';
import type { Mentioning } from './mentioning.ts';
import type { Named, Naming } from './mentions.ts';
import type { OurNicks } from './our-nicks.ts';
import type { Ours, Roster } from './roster.ts';
import type { Features } from './wire/isupport.ts';

/** What the bot knows of who is who. A new connection may know it anew, so it is asked each time. */
export interface Known {
  readonly roster: Roster;
  readonly features: Features;
  readonly nicks: OurNicks;
  readonly mentioning: Mentioning;
  isCommonWord(nick: string): boolean;
}

/** Who can be named in a channel. */
export function namingIn(channel: string, known: Known): Naming {
  const { roster, features, mentioning } = known;
  return {
    isCommonWord: (nick) => known.isCommonWord(nick),
    who(nick) {
      if (!mentioning.isOn || !roster.isIn(channel, nick)) return undefined;
      const ours = roster.person(nick)?.ours;
      if (ours) return callOf(ours, mentioning);
      return { user: userIdOf(nick, features) };
    },
  };
}

/** Whoever does not want to be called is named in plain words, and so is the bot. */
export const callOf = ({ voice }: Ours, mentioning: Mentioning): Named | undefined =>
  voice && mentioning.mayCall(voice) ? { voice } : undefined;

/** What somebody is called on IRC at this moment. `undefined`: nothing. */
export function nickOf(who: Named, { roster, nicks }: Known): string | undefined {
  if ('user' in who) return roster.person(who.user)?.nick ?? who.user;
  const nick = nicks.last(who);
  return nick !== undefined && nicks.now(nick)?.voice === who.voice ? nick : undefined;
}
