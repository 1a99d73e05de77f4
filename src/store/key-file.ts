import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StorageError } from '../ports/storage-error.ts';

/** 32 bytes in base64. */
const form = /^[A-Za-z0-9+/]{43}=$/;
const wanted = '32 random bytes in base64, as `openssl rand -base64 32` prints them';

/**
 * The key that the values at rest are encrypted with: from the environment if it is given there,
 * else from the file, which is made on first use, readable by its owner only.
 *
 * Called once, before the storage is opened. Without this key what was encrypted is lost, so a file
 * that is there but cannot be read is never replaced.
 *
 * @param env The value of the environment variable. Absent: there is none.
 * @throws {StorageError} when the key cannot be read or is no key. The key itself is never shown.
 */
export function loadOrCreateKey(path: string, env?: string): Uint8Array {
  if (env !== undefined) return parse(env, 'The storage key in the environment');
  const text = read(path) ?? create(path);
  return parse(text, `The key file ${path}`);
}

function parse(text: string, where: string): Uint8Array {
  const trimmed = text.trim();
  if (!form.test(trimmed))
    throw new StorageError(
      `${where} ${trimmed === '' ? 'is empty' : 'holds no key'}: it must be ${wanted}. ` +
        'If there was another key before, restore it from a backup: only that one opens what it encrypted.',
    );
  return new Uint8Array(Buffer.from(trimmed, 'base64'));
}

function read(path: string): string | undefined {
  try {
    warnIfShared(path);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
}

/**
 * On disk before it is used: a key that a power cut takes away would take all values with it. It
 * appears under its name as a whole, so that another process never reads half of it.
 */
function create(path: string): string {
  const text = `${randomBytes(32).toString('base64')}\n`;
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600, flush: true });
    linkSync(draft, path);
    syncFolder(dirname(path));
    return text;
  } catch (error) {
    // Another process was first.
    if (codeOf(error) === 'EEXIST') return readFileSync(path, 'utf8');
    throw unreadable(path, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function warnIfShared(path: string): void {
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return;
  process.emitWarning(`The key file ${path} can be read by other users: chmod 600 it.`);
}

function unreadable(path: string, error: unknown): StorageError {
  const advice: Record<string, string> = {
    ENOENT: 'its folder does not exist: create it, or name another path',
    EACCES: 'this user may not: give it the rights, or name another path',
    EROFS: 'its file system is read-only: name another path',
    EISDIR: 'it is a folder: name a file',
  };
  const code = codeOf(error);
  return new StorageError(
    `The key file ${path} cannot be read or made: ${advice[code] ?? String(error)}.`,
    { cause: error },
  );
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';
