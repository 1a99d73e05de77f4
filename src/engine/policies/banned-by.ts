import { fitsMask } from '../../adapter/mask.ts';
import type { PolicyRule } from '../../ports/matrix.ts';

/** More than any list has. A list comes from strangers, and each new user is held against all masks of it. */
export const MOST_RULES = 50_000;
export const MOST_MASKS = 5_000;
/** No id of a user or name of a server is longer. */
const LONGEST = 255;
const MOST_REMEMBERED = 10_000;

export interface Banned {
  (userId: string): boolean;
  /** So many rules are not heeded, as they are too many or too long. */
  readonly leftOut: number;
}

/** Who is banned by rules, sorted out once: it is asked for every message. */
export function bannedBy(rules: readonly PolicyRule[]): Banned {
  const short = rules.filter(({ mask }) => mask.length <= LONGEST);
  const names = short.filter(({ mask }) => !isMask(mask)).slice(0, MOST_RULES);
  const masks = short.filter(({ mask }) => isMask(mask)).slice(0, MOST_MASKS);
  const [ofUsers, ofServers] = (['user', 'server'] as const).map((wanted) => {
    const its = ({ about }: PolicyRule) => about === wanted;
    const named = new Set(names.filter(its).map(({ mask }) => mask));
    const fitting = masks.filter(its).map(({ mask }) => mask);
    return (name: string) => named.has(name) || fitting.some((mask) => fitsMask(name, mask));
  });
  const known = new Map<string, boolean>();
  const isBanned = (userId: string): boolean => {
    const found = known.get(userId);
    if (found !== undefined) return found;
    const server = userId.slice(userId.indexOf(':') + 1);
    const host = server.replace(/:\d+$/, '');
    const is = [ofUsers?.(userId), ofServers?.(server), ofServers?.(host)].includes(true);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(userId, is);
    return is;
  };
  return Object.assign(isBanned, { leftOut: rules.length - names.length - masks.length });
}

const isMask = (text: string): boolean => /[*?]/.test(text);
