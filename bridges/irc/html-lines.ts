import { Parser } from 'htmlparser2';
import { hasWords, NO_BREAK_SPACE } from './format.ts';
import { type Look, PLAIN, type Run, type Style, withoutControls } from './looks.ts';

const STYLES: Readonly<Record<string, Style>> = {
  ...{ b: 'bold', strong: 'bold', i: 'italic', em: 'italic', u: 'underline' },
  ...{ s: 'strike', del: 'strike', code: 'mono', pre: 'mono', th: 'bold', summary: 'bold' },
  ...{ h1: 'bold', h2: 'bold', h3: 'bold', h4: 'bold', h5: 'bold', h6: 'bold' },
};
/** Each begins a line, and so does what follows it. */
const BLOCKS = new Set([
  ...['p', 'div', 'blockquote', 'pre', 'ul', 'ol', 'li', 'table', 'caption', 'tr', 'hr', 'details'],
  ...['summary', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
]);
/** Covered: black on black. */
const COVER = { fore: '000000', back: '000000' };
const PERSON = /^(?:https?:\/\/matrix\.to\/#\/(?:@|%40)|matrix:u\/)/i;

/** What somebody who is linked to by this label is called. Asked in order. */
export type NickOfLabel = (label: string) => string | undefined;

/** What HTML says, in lines, and how it looks. */
export function linesOfHtml(html: string, nickOf: NickOfLabel): readonly (readonly Run[])[] {
  const writer = new Writer(nickOf);
  const parser = new Parser({
    onopentag: (name, attributes) => writer.open(name, attributes),
    ontext: (text) => writer.text(text),
    onclosetag: (name) => writer.close(name),
  });
  parser.end(html.toWellFormed());
  return writer.done();
}

interface Tag {
  readonly name: string;
  readonly look: Look;
  /** Where it links to. */
  readonly href?: string;
  /** What stands before the lines in it: before the first, before each further one. */
  readonly margin?: { first: string; readonly next: string };
  /** Of a list: the number of the next item, if they are numbered. */
  number?: number;
}

class Writer {
  readonly #nickOf: NickOfLabel;
  readonly #lines: (readonly Run[])[] = [];
  readonly #open: Tag[] = [];
  #line: Run[] = [];
  /** The words of the link that is open. */
  #label: string | undefined;

  constructor(nickOf: NickOfLabel) {
    this.#nickOf = nickOf;
  }

  done(): readonly (readonly Run[])[] {
    this.#endLine();
    return this.#lines;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (BLOCKS.has(name)) this.#endLine();
    if (name === 'br') this.#endLine();
    if (name === 'hr') this.#put('———');
    if (name === 'img') this.text(attributes['alt'] ?? attributes['title'] ?? '');
    if ((name === 'td' || name === 'th') && this.#line.length > 0) this.#put(' | ', PLAIN);
    const reason = attributes['data-mx-spoiler'];
    if (reason) this.text(`(${reason}) `);
    this.#open.push(this.#tag(name, attributes));
    if (name === 'a') this.#label = '';
  }

  text(text: string): void {
    const words = withoutControls(text.replace(/\r\n?/g, '\n'));
    if (!this.#isIn('pre')) this.#say(words.replace(/[\t\n ]+/g, ' '));
    else
      for (const [index, line] of words.split('\n').entries()) {
        if (index > 0) this.#endLine();
        this.#say(line);
      }
  }

  close(name: string): void {
    if (name === 'a') this.#endLink();
    if (BLOCKS.has(name)) this.#endLine();
    this.#open.pop();
  }

  #tag(name: string, attributes: Readonly<Record<string, string>>): Tag {
    const { href, start } = attributes;
    return {
      name,
      look: lookOf(name, attributes, this.#look),
      ...(name === 'a' && href !== undefined && { href }),
      ...(name === 'blockquote' && { margin: { first: '> ', next: '> ' } }),
      ...(name === 'li' && { margin: this.#item() }),
      ...(name === 'ol' && { number: Number(start ?? 1) }),
    };
  }

  #item() {
    const list = this.#open.findLast((tag) => tag.name === 'ul' || tag.name === 'ol');
    const first = list?.number === undefined ? '• ' : `${list.number++}. `;
    return { first, next: ' '.repeat(first.length) };
  }

  #endLink(): void {
    const label = this.#label ?? '';
    const { href } = this.#open.at(-1) ?? {};
    this.#label = undefined;
    this.#say(href === undefined ? label : this.#linked(label, href));
  }

  /** An address is said besides its label, but not that of a person. */
  #linked(label: string, href: string): string {
    if (PERSON.test(href)) return this.#nickOf(label) ?? label;
    const isSaid = ['', 'mailto:', 'https://', 'http://'].some((scheme) => href === scheme + label);
    if (isSaid || label.trim() === '') return label.trim() || href;
    return `${label} (${href})`;
  }

  #say(words: string): void {
    if (this.#label !== undefined) this.#label += words;
    else this.#put(this.#line.length > 0 || this.#isIn('pre') ? words : words.replace(/^ +/, ''));
  }

  #put(text: string, look = this.#look): void {
    if (text !== '') this.#line.push({ text: text.replaceAll(NO_BREAK_SPACE, ' '), look });
  }

  #endLine(): void {
    const line = trimmed(this.#line);
    this.#line = [];
    if (!hasWords(line)) return;
    const margin = this.#margin();
    this.#lines.push(margin === '' ? line : [{ text: margin, look: PLAIN }, ...line]);
  }

  #margin(): string {
    let before = '';
    for (const { margin } of this.#open) {
      if (!margin) continue;
      before += margin.first;
      margin.first = margin.next;
    }
    return before;
  }

  get #look(): Look {
    return this.#open.at(-1)?.look ?? PLAIN;
  }

  #isIn(name: string): boolean {
    return this.#open.some((tag) => tag.name === name);
  }
}

function lookOf(name: string, attributes: Readonly<Record<string, string>>, around: Look): Look {
  const style = STYLES[name];
  const styles = style ? new Set(around.styles).add(style) : around.styles;
  if (attributes['data-mx-spoiler'] !== undefined) return { styles, ...COVER };
  const fore = hex(attributes['data-mx-color']) ?? around.fore;
  const back = hex(attributes['data-mx-bg-color']) ?? around.back;
  const isCovered = around.fore !== undefined && around.fore === around.back;
  return isCovered ? { ...around, styles } : { styles, fore, back };
}

const hex = (colour: string | undefined): string | undefined => colour?.slice(1).toLowerCase();

/** Without the spaces at its end, which nobody sees. */
function trimmed(line: readonly Run[]): readonly Run[] {
  const at = line.findLastIndex(({ text }) => text.trim() !== '');
  const last = line[at];
  return last ? [...line.slice(0, at), { ...last, text: last.text.trimEnd() }] : [];
}
