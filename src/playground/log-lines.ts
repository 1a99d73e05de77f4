/** A line of the bridge's log without its date, which says nothing on a page that is live. */
export function readableLogLine(line: string): string {
  return line.trimEnd().replace(/^\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)\S*/, '$1');
}

/** The last lines of a text that comes in pieces. */
export class LogTail {
  readonly #keep: number;
  #lines: string[] = [];
  #rest = '';

  constructor(keep: number) {
    this.#keep = keep;
  }

  add(piece: string): void {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    this.#lines = [...this.#lines, ...lines.filter(hasWords)].slice(-this.#keep);
  }

  /** Oldest first. */
  get lines(): readonly string[] {
    const all = hasWords(this.#rest) ? [...this.#lines, this.#rest] : this.#lines;
    return all.slice(-this.#keep).map(readableLogLine);
  }
}

const hasWords = (line: string) => line.trim() !== '';
