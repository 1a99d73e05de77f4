import type { RemoteUserId } from '#adapter';
import { userIdOf } from './ids.ts';
import type { Roster } from './roster.ts';
import type { Features } from './wire/isupport.ts';

/**
 * Those who are something in a channel, with the power that they are given for it: the most of what they are.
 *
 * @param levels by the letter of the mode. None: nobody wants to know.
 */
export function powersIn(
  channel: string,
  levels: Readonly<Record<string, number>>,
  { roster, features }: { readonly roster: Roster; readonly features: Features },
): ReadonlyMap<RemoteUserId, number> | undefined {
  if (Object.keys(levels).length === 0) return undefined;
  const people = roster.members(channel).filter(({ ours }) => !ours);
  const powers = people.map(({ nick }) => {
    const own = [...roster.rank(channel, nick)].map((letter) => levels[letter] ?? 0);
    return [userIdOf(nick, features), Math.max(0, ...own)] as const;
  });
  return new Map(powers.filter(([, power]) => power > 0));
}
