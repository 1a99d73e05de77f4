import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { Change } from './change.ts';

/**
 * The journal on disk: one JSON line per change, appended before anybody is answered. A killed
 * process loses nothing of it; a machine that loses power may.
 */
export class JournalFile {
  readonly #path: string;
  readonly #file: number;
  #isClosed = false;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'a+', 0o600);
  }

  /** Everything so far. A last line that a kill cut short is taken off: nobody was answered. */
  read(): readonly Change[] {
    const bytes = readFileSync(this.#path);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    if (whole < bytes.length) truncateSync(this.#path, whole);
    const lines = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
    return lines.map((line, index) => this.#parse(line, index + 1));
  }

  #parse(line: string, number: number): Change {
    try {
      return JSON.parse(line);
    } catch (cause) {
      throw new Error(
        `${this.#path}:${number} is not JSON: the journal is damaged; remove the folder to start anew`,
        { cause },
      );
    }
  }

  append(change: Change): void {
    // The number of a closed file may be another's by now.
    if (this.#isClosed) throw new Error('The homeserver is closed');
    const bytes = Buffer.from(`${JSON.stringify(change)}\n`);
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#file, bytes, written);
  }

  close(): void {
    this.#isClosed = true;
    closeSync(this.#file);
  }
}
