import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, seen from the sources as well as from what is built of them. */
export const projectDir = holderOf('package.json', dirname(fileURLToPath(import.meta.url)));

function holderOf(file: string, dir: string): string {
  return existsSync(join(dir, file)) ? dir : holderOf(file, dirname(dir));
}
