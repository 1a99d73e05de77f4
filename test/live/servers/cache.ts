import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { projectDir } from './project-dir.ts';

/** Where everything fetched lies. Git ignores it, and deleting it costs only time. */
export const cacheDir = join(projectDir, '.cache');

const lockPollMs = 100;

/**
 * Runs `work` while no other process runs work of that name.
 *
 * The lock is one of the operating system's, held through SQLite: it goes when its process dies.
 */
export async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
  await mkdir(join(cacheDir, 'locks'), { recursive: true });
  const lock = new Database(join(cacheDir, 'locks', `${name}.lock`), { timeout: 0 });
  try {
    while (!tryExclusive(lock)) await wait(lockPollMs);
    return await work();
  } finally {
    lock.close();
  }
}

function tryExclusive(lock: Database.Database): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}

/**
 * Makes `dir` by `make` unless it stands already, made by the same `recipe`.
 *
 * A folder counts only once its recipe is written beside it, so a make that was cut off is begun anew.
 */
export async function made(
  dir: string,
  recipe: string,
  make: (dir: string) => Promise<void>,
): Promise<string> {
  const path = join(cacheDir, dir);
  const seal = `${path}.made`;
  if (await isSealed(seal, recipe)) return path;
  return locked(dir.replaceAll('/', '-'), async () => {
    if (await isSealed(seal, recipe)) return path;
    await rm(seal, { force: true });
    await rm(path, { recursive: true, force: true });
    await mkdir(dirname(path), { recursive: true });
    await make(path);
    await writeFile(seal, recipe);
    return path;
  });
}

async function isSealed(seal: string, recipe: string): Promise<boolean> {
  return (await readFile(seal, 'utf8').catch(() => undefined)) === recipe;
}
