import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder. Servers that drop to another user must be able to pass through it. */
export async function temporaryDir(name: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), `drawbridge-${name}-`));
  await chmod(dir, 0o711);
  return dir;
}
