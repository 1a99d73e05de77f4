const maxNameLength = 50;

/** The control characters out: a network may take a line break in a name for the end of the name. */
export const oneLine = (text: string) =>
  [...text.replace(/\p{Cc}+/gu, ' ').trim()].slice(0, maxNameLength).join('') || 'somebody';

/** A text in pieces of at most so many bytes of UTF-8, none of which ends within a character. */
export function linesOf(text: string, maxBytes = Number.POSITIVE_INFINITY): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let sizeBytes = 0;
  for (const character of text) {
    sizeBytes += Buffer.byteLength(character);
    if (sizeBytes > maxBytes) {
      lines.push(line);
      line = '';
      sizeBytes = Buffer.byteLength(character);
    }
    line += character;
  }
  return [...lines, line];
}
