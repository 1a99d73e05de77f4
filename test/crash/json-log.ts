import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Reads a growing file of JSON lines. A last line without an end is left for later. */
export class JsonLog<T> {
  readonly #path: string;
  readonly #entries: T[] = [];
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Everything that is in the file by now. */
  read(): readonly T[] {
    const text = this.#unread();
    const end = text.lastIndexOf(0x0a) + 1;
    this.#offset += end;
    for (const line of text.subarray(0, end).toString('utf8').split('\n').slice(0, -1)) {
      this.#entries.push(JSON.parse(line) as T);
    }
    return this.#entries;
  }

  #unread(): Buffer {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    }
    try {
      const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - this.#offset));
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, this.#offset));
    } finally {
      closeSync(file);
    }
  }
}
