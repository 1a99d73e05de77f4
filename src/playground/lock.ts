import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isRunning, markProcess, type ProcessMark } from './process-mark.ts';

const schema = z.object({ pid: z.int().positive(), began: z.string().optional() });

/** The folder is in use by another playground. */
export class FolderTaken extends Error {
  override readonly name = 'FolderTaken';

  constructor(dir: string, pid: number) {
    super(
      `Another playground (process ${pid}) uses ${dir}. Stop it first (Ctrl-C in its terminal), ` +
        'or give this one a folder of its own with --dir.',
    );
  }
}

/**
 * Takes a folder for this process alone. The lock of a process that is gone is taken over.
 *
 * Gives the function that lets it go. @throws {FolderTaken}
 */
export function lockFolder(dir: string): () => void {
  const path = join(dir, 'lock.json');
  const mine = JSON.stringify(markProcess(process.pid) ?? { pid: process.pid });
  while (!tryWrite(path, mine)) {
    const text = readIfThere(path);
    const holder = text === undefined ? undefined : parse(text);
    if (holder !== undefined && isRunning(holder)) throw new FolderTaken(dir, holder.pid);
    if (text !== undefined) discard(path, text);
  }
  return () => {
    if (readIfThere(path) === mine) rmSync(path, { force: true });
  };
}

function tryWrite(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a lock that was found stale, by a rename first: if somebody else replaced it in the
 * meantime, it is their fresh lock that was moved, and it is put back.
 */
function discard(path: string, stale: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readIfThere(aside);
  if (moved === stale || moved === undefined) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

/** `undefined` for what no playground wrote whole, as after a power cut. */
function parse(text: string): ProcessMark | undefined {
  try {
    const { pid, began } = schema.parse(JSON.parse(text));
    return began === undefined ? { pid } : { pid, began };
  } catch {
    return undefined;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
