const encoder = new TextEncoder();
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How long a text is on the wire. */
export const sizeBytes = (text: string): number => encoder.encode(text).length;

/**
 * Cuts a text into pieces of at most `limitBytes` in UTF-8. Joined they are the text again.
 *
 * After a space where there is one in the latter half, else between characters as people see them,
 * and inside one of those (an emoji of many parts) only when it alone is longer than a piece.
 */
export function splitText(text: string, limitBytes: number): readonly string[] {
  const limit = Math.max(limitBytes, 4);
  const pieces: string[] = [];
  let rest = text.toWellFormed();
  while (sizeBytes(rest) > limit) {
    const end = cutAt(rest, limit);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  if (rest !== '') pieces.push(rest);
  return pieces;
}

/** Where to cut a text that is longer than the limit, as an index into the string. What is before it fits. */
export function cutAt(text: string, limit: number): number {
  const fits = fittingCodePoints(text, limit);
  const space = text.lastIndexOf(' ', fits - 1) + 1;
  if (space > fits / 2) return space;
  return lastWholeGrapheme(text, fits) || fits;
}

function fittingCodePoints(text: string, limit: number): number {
  let size = 0;
  let end = 0;
  for (const char of text) {
    size += sizeBytes(char);
    if (size > limit) break;
    end += char.length;
  }
  return end;
}

function lastWholeGrapheme(text: string, end: number): number {
  let last = 0;
  // One more character than fits, as a combining mark may follow.
  for (const { index } of graphemes.segment(text.slice(0, end + 64))) {
    if (index > end) break;
    last = index;
  }
  return last;
}
