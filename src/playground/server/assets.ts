import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
}

/** The files of the page, by name, read once: nothing else of the disk can be asked for. */
export function readAssets(dir = pageDir()): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(dir)) {
    const type = types[extname(name)];
    if (type !== undefined) assets.set(name, { type, bytes: readFileSync(join(dir, name)) });
  }
  return assets;
}

/** The same folder whether this file runs from `src` or from `dist`: the compiler copies no assets. */
function pageDir(): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json'))) {
    if (root === dirname(root))
      throw new Error('The package of the playground has no package.json');
    root = dirname(root);
  }
  return join(root, 'src/playground/page');
}
