/*
 * Colours and such, as clients write them into a line.
 * See https://modern.ircdocs.horse/formatting
 */

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

/** What a line says: in plain text, and as HTML where it has a style that text has not. */
export function readFormatting(line: string): { text: string; html?: string } {
  const on = new Set<Style>();
  let text = '';
  let html = '';
  let styled = false;
  for (const piece of line.split(CODE)) {
    if (CODE.test(piece)) {
      turn(on, piece);
      continue;
    }
    const words = piece.replace(OTHER_CONTROLS, '');
    text += words;
    html += dressed(words, on);
    styled ||= words !== '' && on.size > 0;
  }
  return { text, ...(styled && { html }) };
}

function turn(on: Set<Style>, code: string): void {
  const style = TOGGLES[code];
  if (code === '\x0f') on.clear();
  else if (style && !on.delete(style)) on.add(style);
}

function dressed(words: string, on: ReadonlySet<Style>): string {
  if (words === '') return '';
  const tags = ELEMENTS.filter(([style]) => on.has(style)).map(([, tag]) => tag);
  return tags.reduceRight((inside, tag) => `<${tag}>${inside}</${tag}>`, escapeHtml(words));
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
