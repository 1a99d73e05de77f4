import { type Arrived, type Outcome, removalOf, type Said } from './crossing.ts';

/** Begins each line of a long text but the first. Four bytes, so that a network can only cut before it. */
const begin = '🧩';
/** What the core may put before the first one: `* `. */
const spareBytes = 2;

/** A text that a network with lines of so many bytes cuts into so many, each of which names itself. */
export function longText(label: string, count: number, lineBytes: number): string {
  const lines = Array.from({ length: count }, (_, n) => {
    const head = `${n > 0 ? begin : ''}${label} ${n + 1}/${count} `;
    const isLast = n === count - 1;
    const fillBytes = isLast ? 0 : lineBytes - spareBytes - Buffer.byteLength(head);
    return head + 'é'.repeat(fillBytes / 2);
  });
  return lines.join('');
}

export const linesIn = (text: string): readonly string[] => text.split(new RegExp(`(?=${begin})`));

export const isFirstLine = (text: string): boolean => !text.startsWith(begin);

/** One thing for each line of a message, so that each is lost, doubled or in order by itself. */
export function inLines<T extends Said | Arrived>(thing: T): readonly T[] {
  const { text, what, of } = thing;
  const lines = linesIn(text);
  const targets = linesIn(of ?? '');
  if (what === 'message') return lines.map((line) => ({ ...thing, text: line }));
  if (what === 'edit')
    return lines.map((line, n) => ({ ...thing, text: line, of: targets[n] ?? of }));
  if (what === 'removal')
    return targets.map((line) => ({ ...thing, text: removalOf(line), of: line }));
  return [{ ...thing, of: targets[0] ?? '' }];
}

/** What was told of a message, or of its removal, was told of each of its lines. */
export const toldInLines = (told: ReadonlyMap<string, Outcome>): ReadonlyMap<string, Outcome> =>
  new Map(
    [...told].flatMap(([text, outcome]) =>
      toldLines(text).map((line): [string, Outcome] => [line, outcome]),
    ),
  );

const toldLines = (text: string): readonly string[] =>
  text.startsWith(removalOf(''))
    ? linesIn(text.slice(removalOf('').length)).map(removalOf)
    : linesIn(text);
