import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The file that `import name` would load, seen from where `require` was made. `undefined`: there is
 * no such package.
 *
 * Node 20 has no way to resolve an import from another folder, and `require.resolve` does not see a
 * package whose `exports` are for `import` only: for these the manifest is read.
 */
export function resolvePackage(name: string, require: NodeJS.Require): string | undefined {
  try {
    return require.resolve(name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
  }
  for (const folder of require.resolve.paths(name) ?? []) {
    const main = importedBy(join(folder, name));
    if (main) return join(folder, name, main);
  }
  return undefined;
}

function importedBy(folder: string): string | undefined {
  try {
    const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return target(exports?.['.'] ?? exports);
  } catch {
    return undefined;
  }
}

function target(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (typeof entry !== 'object' || entry === null) return undefined;
  for (const [condition, inner] of Object.entries(entry)) {
    const found = ['import', 'node', 'default'].includes(condition) ? target(inner) : undefined;
    if (found) return found;
  }
  return undefined;
}
