import { closeSync, openSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { StorageError } from '../../ports/storage-error.ts';
import { explain } from './explain.ts';
import { migrate } from './migrate.ts';

/** How long a start waits for a command of the operator, which holds the lock for moments only. */
const busyTimeoutMs = 5_000;

/** Opens the file, makes it if it is not there, and brings it to the version of this program. */
export function openDatabase(path: string): Database {
  if (path !== ':memory:') createPrivate(path);
  let db: Database | undefined;
  try {
    db = new Sqlite(path, { timeout: busyTimeoutMs });
    const mode = db.pragma('journal_mode = WAL', { simple: true });
    if (mode !== 'wal' && path !== ':memory:')
      throw new StorageError(noLog(path), { kind: 'damaged' });
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    // Pages of the log until it is moved into the file, by whoever commits next: most are written again
    // before that, and then are moved once. 16 MiB; the default is a quarter of it.
    db.pragma('wal_autocheckpoint = 4000');
    // What was forgotten must not be found in a free page of the file.
    db.pragma('secure_delete = ON');
    migrate(db, path);
    // From now on a commit goes to the log, and whoever waits for it has it brought down: see `LogFile`.
    db.pragma('synchronous = NORMAL');
    // From now on whoever writes waits by itself: here the whole process would stand still.
    db.pragma('busy_timeout = 0');
    return db;
  } catch (error) {
    db?.close();
    throw explain(error, path);
  }
}

const noLog = (path: string) =>
  `The database ${path} lies on a file system where SQLite cannot write ahead (a network share?), so what ` +
  'is on disk would be unknown: put it on a disk of this machine.';

/**
 * Moves all that is in the log into the file, and empties it: what was overwritten stays there until then.
 * While another process reads, nothing is done rather than that everybody waits for it.
 */
export function emptyLog(db: Database): void {
  db.pragma('busy_timeout = 0');
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.pragma(`busy_timeout = ${busyTimeoutMs}`);
}

/** It holds people's words, so nobody else may read it. SQLite gives its other files the same rights. */
function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new StorageError(`The database ${path} ${advice[code] ?? `: ${String(error)}`}.`, {
      cause: error,
    });
  }
}

const advice: Record<string, string> = {
  ENOENT: 'cannot be made, as its folder does not exist: create the folder, or name another path',
  ENOTDIR: 'cannot be made, as its folder is a file: name another path',
  EACCES: 'may not be written by this user: give it the rights to the file and to its folder',
  EPERM: 'may not be written by this user: give it the rights to the file and to its folder',
  EROFS: 'lies on a read-only file system: name another path',
  EISDIR: 'is a folder: name a file in it',
};
