import Sqlite from 'better-sqlite3';
import { StorageError } from '../storage-error.ts';

/** What to do about each thing that SQLite may say. By the first words of its code. */
const advice: readonly (readonly [code: string, text: string])[] = [
  [
    'SQLITE_FULL',
    'the disk is full: make room; nothing that was acknowledged is lost, and the bridge goes on by itself',
  ],
  [
    'SQLITE_BUSY',
    'another process holds its lock: end that one, or wait until its command is done',
  ],
  [
    'SQLITE_NOTADB',
    'it is no SQLite database: name another path, or restore the file from a backup',
  ],
  [
    'SQLITE_CORRUPT',
    'it is damaged: stop the bridge, keep a copy, and restore a backup or try `sqlite3 FILE .recover`',
  ],
  [
    'SQLITE_READONLY',
    'it may not be written: give this user the rights to the file and to its folder',
  ],
  [
    'SQLITE_CANTOPEN',
    'it cannot be opened: see that its folder exists, that it is a file, and that this user may write there',
  ],
  ['SQLITE_IOERR', 'the disk reports an error: look into the system log, and restore a backup'],
];

/** Turns what the driver throws into an error that says what to do. */
export function explain(error: unknown, path: string): unknown {
  if (error instanceof TypeError && error.message.includes('not open'))
    return new StorageError(`The database ${path} is closed.`, error);
  if (!(error instanceof Sqlite.SqliteError)) return error;
  const found = advice.find(([code]) => error.code.startsWith(code));
  const text = found?.[1] ?? `${error.code}: ${error.message}`;
  return new StorageError(`The database ${path}: ${text}.`, error);
}

const callerOnly = [
  'SQLITE_CONSTRAINT',
  'SQLITE_ERROR',
  'SQLITE_MISMATCH',
  'SQLITE_RANGE',
  'SQLITE_TOOBIG',
];

/** Whether only the one who asked is at fault, and the transaction around it stands. */
export function concernsCallerOnly(error: unknown): boolean {
  if (!(error instanceof Sqlite.SqliteError)) return true;
  return callerOnly.some((code) => error.code.startsWith(code));
}
