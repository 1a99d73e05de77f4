import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the bytes of files are: in a folder, or in memory for a homeserver that has none. */
export class MediaStore {
  readonly #dir: string | undefined;
  readonly #memory = new Map<string, Buffer>();

  constructor(dir: string | undefined) {
    this.#dir = dir;
    if (dir !== undefined) mkdirSync(dir, { recursive: true });
  }

  write(id: string, bytes: Buffer): void {
    if (this.#dir === undefined) this.#memory.set(id, bytes);
    else writeFileSync(join(this.#dir, id), bytes);
  }

  read(id: string): Buffer {
    const kept = this.#memory.get(id);
    return kept ?? readFileSync(join(this.#dir ?? '', id));
  }
}
