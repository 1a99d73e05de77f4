import { Parser } from 'htmlparser2';
import { escapeAttribute, escapeText } from '../../util/escape.ts';
import { permitted, type Tag } from './permitted.ts';
import { endsTag, isBreak, isHidden, isVoid } from './structure.ts';

/** Tags must not be nested deeper. */
const DEEPEST = 100;

export interface CleanHtml {
  readonly html: string;
  /** What a reader sees of it, without any markup. */
  readonly words: string;
  /** Nothing is marked in it, but where a line or a paragraph ends. */
  readonly isPlain: boolean;
  /** There is nothing to see in it. */
  readonly isBlank: boolean;
}

/**
 * HTML as Matrix permits it: with nothing in it that is not listed, every tag closed in its place,
 * without the copy of an answered message. What is clean stays as it is.
 *
 * Takes a time that grows with the length, whatever the HTML. `undefined`: it is nested more deeply
 * than any may be.
 */
export function cleanHtml(html: string): CleanHtml | undefined {
  const writer = new Writer();
  const parser = new Parser({
    onopentag(name, attributes) {
      // Read on, the stack would grow with the text, and each closing tag is looked up in it.
      if (!writer.open(name, attributes)) parser.pause();
    },
    ontext: (text) => writer.text(text),
    onclosetag: () => writer.close(),
  });
  parser.end(html);
  return writer.written;
}

class Writer {
  #html = '';
  #words = '';
  #isPlain = true;
  #isBlank = true;
  #isTooDeep = false;
  /** Every open tag of the source, outermost first: its name, or `undefined` where none was written. */
  readonly #open: (string | undefined)[] = [];
  /** How many are open with the outermost hidden one. */
  #hiddenFrom: number | undefined;

  get written(): CleanHtml | undefined {
    if (this.#isTooDeep) return undefined;
    const html = this.#html;
    return { html, words: this.#words, isPlain: this.#isPlain, isBlank: this.#isBlank };
  }

  /** @returns false when it is nested too deeply. */
  open(name: string, attributes: Readonly<Record<string, string>>): boolean {
    this.#isTooDeep ||= this.#open.length === DEEPEST;
    if (this.#isTooDeep) return false;
    const tag = this.#begin(name, attributes);
    this.#open.push(tag && !isVoid(tag.name) ? tag.name : undefined);
    return true;
  }

  text(text: string): void {
    if (this.#hiddenFrom !== undefined) return;
    this.#html += escapeText(text);
    this.#words += text;
    this.#isBlank &&= text.trim() === '';
  }

  close(): void {
    const name = this.#open.pop();
    if (name !== undefined) this.#end(name);
    if (this.#open.length < (this.#hiddenFrom ?? 0)) this.#hiddenFrom = undefined;
  }

  #begin(name: string, attributes: Readonly<Record<string, string>>): Tag | undefined {
    if (this.#hiddenFrom !== undefined) return undefined;
    if (isHidden(name)) this.#hiddenFrom = this.#open.length + 1;
    const tag = permitted(name, attributes);
    if (tag) this.#write(tag);
    else if (name === 'img') this.text(attributes['alt'] ?? '');
    return tag;
  }

  #write({ name, attributes }: Tag): void {
    this.#endThoseBefore(name);
    const said = attributes.map(([key, value]) =>
      value === '' ? ` ${key}` : ` ${key}="${escapeAttribute(value)}"`,
    );
    this.#html += `<${name}${said.join('')}>`;
    this.#breakAt(name);
    this.#isPlain &&= attributes.length === 0 && isBreak(name);
    this.#isBlank &&= name !== 'img' && name !== 'hr';
  }

  #endThoseBefore(name: string): void {
    for (;;) {
      const at = this.#open.findLastIndex((open) => open !== undefined);
      const open = this.#open[at];
      if (open === undefined || !endsTag(name, open)) return;
      this.#end(open);
      this.#open[at] = undefined;
    }
  }

  #end(name: string): void {
    this.#html += `</${name}>`;
    this.#breakAt(name);
  }

  #breakAt(name: string): void {
    if (isBreak(name)) this.#words += '\n';
  }
}
