/**
 * Makes a text storable everywhere: no NUL, which some databases refuse, and no lone surrogate,
 * which cannot be written as UTF-8.
 */
export function wellFormed(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cuts a text to so many code points, without cutting through what a reader sees as one character. */
export function truncate(text: string, maxCodePoints: number): string {
  if (text.length <= maxCodePoints) return text;
  // The longest code point has two units, so nothing after this can be kept.
  const candidate = text.slice(0, maxCodePoints * 2 + 2).toWellFormed();
  let kept = '';
  let codePoints = 0;
  for (const { segment } of segmenter.segment(candidate)) {
    codePoints += [...segment].length;
    if (codePoints > maxCodePoints) break;
    kept += segment;
  }
  // One endless pile of accents is a single character: then there is nothing better than a hard cut.
  return kept === '' ? [...candidate].slice(0, maxCodePoints).join('') : kept;
}
