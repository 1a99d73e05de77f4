import { join } from 'node:path';
import { build } from 'esbuild';

const requireHere =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * Puts the program in one file, and gives its path: of what a life of the bridge costs, half is looking
 * for hundreds of modules.
 */
export async function bundled(): Promise<string> {
  const outfile = join(import.meta.dirname, 'bridge.bundle.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'bridge.js')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    // It is not JavaScript.
    external: ['better-sqlite3'],
    banner: { js: requireHere },
    logLevel: 'error',
  });
  return outfile;
}
