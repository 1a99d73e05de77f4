import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from './command.ts';

/** The manifest lies at another distance from the sources than from what is built of them. */
function manifest(folder: string): string {
  const file = join(folder, 'package.json');
  return existsSync(file) ? file : manifest(dirname(folder));
}

/** The version of this package, as its manifest says. */
export const version = (): string =>
  JSON.parse(readFileSync(manifest(dirname(fileURLToPath(import.meta.url))), 'utf8')).version;

export const versionCommand: Command = {
  name: 'version',
  summary: 'Print the version',
  async run({ io }) {
    io.out(`drawbridge ${version()} (node ${process.versions.node})`);
    return 0;
  },
};
