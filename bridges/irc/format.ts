import { type Look, type Run, runsIn, type Style, textOf, withCodesOnly } from './looks.ts';

/** Looks like a space, and stays. */
export const NO_BREAK_SPACE = '\u00a0';

/** Outermost first. */
const ELEMENTS: readonly (readonly [Style, string])[] = [
  ['bold', 'strong'],
  ['italic', 'em'],
  ['underline', 'u'],
  ['strike', 'del'],
  ['mono', 'code'],
];

/** What a line says, or several: in plain text, and as HTML where it has a style that text has not. */
export function readFormatting(said: string): { text: string; html?: string } {
  const lines = said.split('\n').map(runsIn);
  const dressed = lines.map((runs) => spaced(runs).map(dress));
  const isStyled = dressed.flat().some(([open]) => open !== '');
  const html = dressed.map((line) => line.flat().join('')).join('<br>');
  return { text: lines.map(textOf).join('\n'), ...(isStyled && { html }) };
}

/** HTML makes one space of several, also across elements: those after the first are kept. */
function spaced(runs: readonly Run[]): readonly Run[] {
  let isAfterSpace = true;
  return runs.map(({ text, look }) => {
    const kept = text.replace(/ /g, (space, at: number) =>
      (at === 0 ? isAfterSpace : text[at - 1] === ' ') ? NO_BREAK_SPACE : space,
    );
    if (text !== '') isAfterSpace = text.endsWith(' ');
    return { text: kept, look };
  });
}

/** What stands before and after words that look so, and the words. */
function dress({ text, look }: Run): readonly [open: string, words: string, close: string] {
  const [fore, back] = seen(look);
  const elements = ELEMENTS.filter(([style]) => look.styles.has(style)).map(([, name]) => [
    name,
    '',
  ]);
  const span = spanOf(fore, back);
  if (span !== '') elements.unshift(['span', span]);
  const open = elements.map(([name, about]) => `<${name}${about}>`);
  const close = elements.map(([name]) => `</${name}>`).reverse();
  return [open.join(''), escapeHtml(text), close.join('')];
}

const seen = ({ styles, fore, back }: Look) =>
  styles.has('reverse') ? ([back, fore] as const) : ([fore, back] as const);

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
  return rawLines(text)
    .map(withCodesOnly)
    .filter((line) => hasWords(runsIn(line)));
}

/** The same, as they look: people type codes too. */
export const styledLines = (text: string): readonly (readonly Run[])[] =>
  rawLines(text).map(runsIn).filter(hasWords);

export const rawLines = (text: string) =>
  text.toWellFormed().split(/\r\n|[\r\n\v\f\x85\u2028\u2029]/);

export const hasWords = (runs: readonly Run[]): boolean => textOf(runs).trim() !== '';
