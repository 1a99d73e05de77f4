import { userIdOf } from './ids.ts';
import type { Named, Naming } from './mentions.ts';
import type { OurNicks } from './our-nicks.ts';
import type { Roster } from './roster.ts';
import type { Features } from './wire/isupport.ts';

/** What the bot knows of who is who. A new connection may know it anew, so it is asked each time. */
export interface Known {
  readonly roster: Roster;
  readonly features: Features;
  readonly nicks: OurNicks;
  isCommonWord(nick: string): boolean;
}

/** Who can be named in a channel. */
export function namingIn(channel: string, known: Known): Naming {
  const { roster, features } = known;
  return {
    isCommonWord: (nick) => known.isCommonWord(nick),
    who(nick) {
      if (!roster.isIn(channel, nick)) return undefined;
      const ours = roster.person(nick)?.ours;
      if (ours) return ours.voice && { voice: ours.voice };
      return { user: userIdOf(nick, features) };
    },
  };
}

/** What somebody is called on IRC at this moment. `undefined`: nothing. */
export function nickOf(who: Named, { roster, nicks }: Known): string | undefined {
  if ('user' in who) return roster.person(who.user)?.nick ?? who.user;
  const nick = nicks.last(who);
  return nick !== undefined && nicks.now(nick)?.voice === who.voice ? nick : undefined;
}
