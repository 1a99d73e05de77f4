/*
 * Colours and such, as clients write them into a line.
 * See https://modern.ircdocs.horse/formatting
 */

import { colourOf } from './colours.ts';

type Style = 'bold' | 'italic' | 'underline' | 'strike' | 'mono';

const TOGGLES: Readonly<Record<string, Style>> = {
  '\x02': 'bold',
  '\x1d': 'italic',
  '\x1f': 'underline',
  '\x1e': 'strike',
  '\x11': 'mono',
};
/** Outermost first. */
const ELEMENTS: readonly (readonly [Style, string])[] = [
  ['bold', 'strong'],
  ['italic', 'em'],
  ['underline', 'u'],
  ['strike', 'del'],
  ['mono', 'code'],
];
const CODE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes
  /(\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?|[\x02\x0f\x11\x16\x1d\x1e\x1f])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is left of control characters says nothing
const OTHER_CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** How the words after a code look. Colours are six hexadecimal digits; absent: the reader's own. */
interface Look {
  readonly styles: ReadonlySet<Style>;
  readonly fore?: string | undefined;
  readonly back?: string | undefined;
  readonly isReversed: boolean;
}

const PLAIN: Look = { styles: new Set(), isReversed: false };

/** What a line says: in plain text, and as HTML where it has a style that text has not. */
export function readFormatting(line: string): { text: string; html?: string } {
  let look = PLAIN;
  let text = '';
  let html = '';
  let styled = false;
  for (const piece of line.split(CODE)) {
    if (CODE.test(piece)) {
      look = after(look, piece);
      continue;
    }
    const words = piece.replace(OTHER_CONTROLS, '');
    if (words === '') continue;
    const [open, close] = dress(look);
    text += words;
    html += open + escapeHtml(words) + close;
    styled ||= open !== '';
  }
  return { text, ...(styled && { html }) };
}

function after(look: Look, code: string): Look {
  const style = TOGGLES[code];
  if (code === '\x0f') return PLAIN;
  if (code === '\x16') return { ...look, isReversed: !look.isReversed };
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

/** What stands before and after words that look so. */
function dress({ styles, isReversed, ...colours }: Look): readonly [string, string] {
  const [fore, back] = isReversed ? [colours.back, colours.fore] : [colours.fore, colours.back];
  const elements = ELEMENTS.filter(([style]) => styles.has(style)).map(([, name]) => [name, '']);
  const seen = spanOf(fore, back);
  if (seen !== '') elements.unshift(['span', seen]);
  const open = elements.map(([name, about]) => `<${name}${about}>`);
  const close = elements.map(([name]) => `</${name}>`).reverse();
  return [open.join(''), close.join('')];
}

/** Words on a ground of their own colour are there to be uncovered. */
function spanOf(fore: string | undefined, back: string | undefined): string {
  if (fore !== undefined && fore === back) return ' data-mx-spoiler';
  const fores = fore === undefined ? '' : ` data-mx-color="#${fore}"`;
  return fores + (back === undefined ? '' : ` data-mx-bg-color="#${back}"`);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);

/** Cuts a text into the lines that it has, each fit to be sent. Those without a word are left out. */
export function writableLines(text: string): readonly string[] {
  return text
    .toWellFormed()
    .split(/\r\n|[\r\n\v\f\x85\u2028\u2029]/)
    .map((line) => line.replace(OTHER_CONTROLS, (char) => (CODE.test(char) ? char : '')))
    .filter((line) => readFormatting(line).text.trim() !== '');
}
