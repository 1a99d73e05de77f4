/*
 * Colours and such, as clients write them into a line.
 * See https://modern.ircdocs.horse/formatting
 */

import { colourOf } from './colours.ts';

export type Style = 'bold' | 'italic' | 'underline' | 'strike' | 'mono' | 'reverse';

/** Each turns its style on, and off again. */
export const TOGGLES: readonly (readonly [Style, string])[] = [
  ['bold', '\x02'],
  ['italic', '\x1d'],
  ['underline', '\x1f'],
  ['strike', '\x1e'],
  ['mono', '\x11'],
  ['reverse', '\x16'],
];
/** Ends everything. */
export const RESET = '\x0f';

const CODE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes
  /(\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?|[\x02\x0f\x11\x16\x1d\x1e\x1f])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is left of control characters says nothing
const OTHER_CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** How words look. Colours are six hexadecimal digits; absent: the reader's own. */
export interface Look {
  readonly styles: ReadonlySet<Style>;
  readonly fore?: string | undefined;
  readonly back?: string | undefined;
}

/** Words that all look the same. */
export interface Run {
  readonly text: string;
  readonly look: Look;
}

export const PLAIN: Look = { styles: new Set() };

/** What a line says, and how it looks. No control character is left in it. */
export function runsIn(line: string): readonly Run[] {
  const runs: Run[] = [];
  let look = PLAIN;
  for (const piece of line.split(CODE)) {
    if (CODE.test(piece)) {
      look = after(look, piece);
      continue;
    }
    const text = withoutControls(piece);
    if (text !== '') runs.push({ text, look });
  }
  return runs;
}

export const withoutControls = (text: string): string => text.replace(OTHER_CONTROLS, '');

/** A line of which nothing is left that is neither a word nor a way to look. */
export const withCodesOnly = (line: string): string =>
  line.replace(OTHER_CONTROLS, (char) => (CODE.test(char) ? char : ''));

/** A line whose words look like any others. What is no look, such as the mark of a deed, stays. */
export const withoutLooks = (line: string): string =>
  line
    .split(CODE)
    .filter((piece) => !CODE.test(piece))
    .join('');

export const textOf = (runs: readonly Run[]): string => runs.map(({ text }) => text).join('');

function after(look: Look, code: string): Look {
  const style = TOGGLES.find(([, toggle]) => toggle === code)?.[0];
  if (code === RESET) return PLAIN;
  if (style === undefined) return coloured(look, code);
  const styles = new Set(look.styles);
  if (!styles.delete(style)) styles.add(style);
  return { ...look, styles };
}

/** A code without colours ends them; one with a single colour leaves what is behind the words. */
function coloured(look: Look, code: string): Look {
  const [fore, back] = code.slice(1).split(',');
  if (!fore) return { ...look, fore: undefined, back: undefined };
  const read = (name: string) =>
    code.startsWith('\x04') ? name.toLowerCase() : colourOf(Number(name));
  return { ...look, fore: read(fore), ...(back !== undefined && { back: read(back) }) };
}
