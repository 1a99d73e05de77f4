import type { LinkWish } from '#adapter';

const NAME_LETTERS = 60;

/** What an operator is asked. */
export function wordsOf({ asker, room }: LinkWish, channel: string): string {
  const name = room.name === undefined ? 'a room' : `the room “${plain(room.name)}”`;
  return `${plain(asker.displayName)} (${plain(asker.userId)}) asks to bridge ${channel} to ${name} on Matrix (${plain(room.id)}): what is said in either is seen in the other then.`;
}

/** How they answer. */
export const howTo = (code: string, forMs?: number): string =>
  `Say “yes ${code}” to allow it, or “no”.${forMs === undefined ? '' : ` Without an answer within ${Math.round(forMs / 60_000)} minutes it is not bridged.`}`;

/** What people chose, as it may stand in a line: no codes, and not too long. */
const plain = (text: string): string =>
  [...text.replace(/\p{C}+/gu, ' ').trim()].slice(0, NAME_LETTERS).join('');
