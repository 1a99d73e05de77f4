import { hasNumber, numberOf } from './colours.ts';
import { type Look, PLAIN, RESET, type Run, TOGGLES, textOf } from './looks.ts';
import { cutAt, sizeBytes, splitText } from './wire/split.ts';

/**
 * How looks are written. `none`: not at all, but for what is to be uncovered. `numbers`: colours by the
 * nearest of the 99 that every client knows. `exact`: others in hexadecimal, which old clients show as words.
 */
export type Formatting = 'none' | 'numbers' | 'exact';

/** Where there is no room for codes none are written. */
const LEAST_BYTES = 64;
/** What is left of a piece, if less, is left empty rather than filled with part of a word. */
const LEAST_WORDS_BYTES = 16;
/** Means nothing, and keeps what follows it apart from a colour before it. */
export const APART = '\x02\x02';

/**
 * Words as they are written into lines of at most so many bytes. Each line says by itself how its words
 * look, as it may be shown without the one before.
 */
export function codedPieces(
  runs: readonly Run[],
  limitBytes: number,
  formatting: Formatting,
): readonly string[] {
  if (formatting === 'none' || limitBytes < LEAST_BYTES)
    return splitText(uncoded(runs), limitBytes);
  const writer = new Writer(limitBytes, formatting);
  for (const run of runs) writer.write(run);
  return writer.done();
}

class Writer {
  readonly #limitBytes: number;
  readonly #formatting: Formatting;
  readonly #pieces: string[] = [];
  #piece = '';
  #look = PLAIN;

  constructor(limitBytes: number, formatting: Formatting) {
    this.#limitBytes = limitBytes;
    this.#formatting = formatting;
  }

  write({ text, look }: Run): void {
    for (let rest = text; rest !== ''; ) {
      rest = rest.slice(this.#fill(rest, look));
      if (rest !== '') this.#end();
    }
  }

  done(): readonly string[] {
    if (this.#piece !== '') this.#end();
    return this.#pieces;
  }

  /** @returns how much of the words has found room. */
  #fill(words: string, look: Look): number {
    const code = change(this.#look, look, words, this.#formatting);
    const roomBytes = this.#limitBytes - sizeBytes(this.#piece) - sizeBytes(code);
    const end = sizeBytes(words) <= roomBytes ? words.length : cutIn(words, roomBytes);
    if (end === 0) return 0;
    this.#piece += code + words.slice(0, end);
    this.#look = look;
    return end;
  }

  #end(): void {
    this.#pieces.push(this.#piece);
    this.#piece = '';
    this.#look = PLAIN;
  }
}

const cutIn = (text: string, roomBytes: number): number =>
  roomBytes < LEAST_WORDS_BYTES ? 0 : cutAt(text, roomBytes);

/** Without a look. What was covered says at least that it was. */
function uncoded(runs: readonly Run[]): string {
  const isCovered = ({ look: { fore, back } }: Run) => fore !== undefined && fore === back;
  return textOf(
    runs.map((run) => (isCovered(run) ? { ...run, text: `[spoiler: ${run.text}]` } : run)),
  );
}

/** The codes between words that look one way and words that look another. */
function change(from: Look, to: Look, words: string, formatting: Formatting): string {
  const isLess =
    (from.fore !== undefined && to.fore === undefined) ||
    (from.back !== undefined && to.back === undefined);
  // A code that ends a colour could be read together with a number after it.
  if (isLess) return RESET + change(PLAIN, to, words, formatting);
  const toggles = TOGGLES.filter(([style]) => from.styles.has(style) !== to.styles.has(style));
  const colours = from.fore === to.fore && from.back === to.back ? '' : coloursOf(to, formatting);
  const isAmbiguous = colours !== '' && to.back === undefined && words.startsWith(',');
  return toggles.map(([, code]) => code).join('') + colours + (isAmbiguous ? APART : '');
}

/** @param look with a colour. What is behind the words cannot be named without what is before it. */
function coloursOf({ fore, back }: Look, formatting: Formatting): string {
  const isInNumbers =
    formatting === 'numbers' || [fore, back].every((one) => one === undefined || hasNumber(one));
  if (!isInNumbers) return `\x04${[fore ?? '000000', back].filter((one) => one !== undefined)}`;
  const first = fore === undefined ? '99' : digits(fore);
  const second = back === undefined ? undefined : digits(back);
  // Two colours of which the nearest is the same one would cover the words.
  const isBlurred = first === second && fore !== back;
  return `\x03${first}${second === undefined || isBlurred ? '' : `,${second}`}`;
}

const digits = (colour: string): string => String(numberOf(colour)).padStart(2, '0');
