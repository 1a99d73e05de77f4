import type { Arrived, Crossing } from './crossing.ts';
import type { Finding } from './judge.ts';

/**
 * What was taken back is gone, and stays so: the message, and whatever words its edits became.
 *
 * Whether the removal itself came is asked elsewhere; here it is asked what is still to be read.
 */
export function findNotRemoved({ said, arrived, told, mayStayUnknown }: Crossing): Finding[] {
  const removed = new Map(said.filter(({ what }) => what === 'removal').map((r) => [r.of, r]));
  const isUnknown = (text: string) => mayStayUnknown && told.get(text) === 'unknown';
  const wordsOf = new Map(said.map(({ text, what, of }) => [text, what === 'edit' ? of : text]));
  const goneAt = new Map<string, number>();
  for (const [place, { what, of = '' }] of arrived.entries())
    if (what === 'removal') goneAt.set(of, place);
  return arrived.flatMap((there, place): Finding[] => {
    if (there.what === 'removal' || there.what === 'reaction') return [];
    const of = wordsOf.get(there.text);
    if (of === undefined || !removed.has(of) || isUnknown(of)) return [];
    const until = goneAt.get(shownAs(there));
    if (until !== undefined && until > place) return [];
    const why = until === undefined ? `"${of}" was taken back` : `it came after it was taken back`;
    return [{ fault: 'not removed', text: there.text, why }];
  });
}

/** The message that shows these words. */
const shownAs = ({ text, what, of }: Arrived): string => (what === 'edit' ? (of ?? '') : text);
