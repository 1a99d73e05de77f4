import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'drawbridge-';
const keptMs = 6 * 3_600_000;

/**
 * A new folder. Servers that drop to another user must be able to pass through it.
 *
 * It stays after the test, for whoever has to find out why that failed, and goes with a later run.
 */
export async function temporaryDir(name: string, root = tmpdir()): Promise<string> {
  const sweeping = swept.get(root) ?? sweep(root);
  swept.set(root, sweeping);
  await sweeping;
  const dir = await mkdtemp(join(root, `${prefix}${name}-`));
  await chmod(dir, 0o711);
  return dir;
}

const swept = new Map<string, Promise<void>>();

async function sweep(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith(prefix)) continue;
    const dir = join(root, name);
    const found = await stat(dir).catch(() => undefined);
    const isOld = found !== undefined && Date.now() - found.mtimeMs > keptMs;
    // Somebody else's, or taken away by another run meanwhile.
    if (isOld) await rm(dir, { recursive: true, force: true }).catch(() => undefined);
  }
}
