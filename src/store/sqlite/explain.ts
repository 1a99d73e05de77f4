import Sqlite from 'better-sqlite3';
import { StorageError } from '../../ports/storage-error.ts';

/** What to do about each thing that SQLite may say. By the first words of its code. */
const known: readonly (readonly [code: string, kind: StorageError['kind'], advice: string])[] = [
  [
    'SQLITE_FULL',
    'away',
    'the disk is full: make room; nothing that was acknowledged is lost, and the bridge goes on by itself',
  ],
  [
    'SQLITE_BUSY',
    'away',
    'another process holds its lock: end that one, or wait until its command is done',
  ],
  [
    'SQLITE_NOTADB',
    'damaged',
    'it is no SQLite database: name another path, or restore the file from a backup',
  ],
  [
    'SQLITE_CORRUPT',
    'damaged',
    'it is damaged: stop the bridge, keep a copy, and restore a backup or try `sqlite3 FILE .recover`',
  ],
  [
    'SQLITE_READONLY',
    'away',
    'it may not be written: give this user the rights to the file and to its folder',
  ],
  [
    'SQLITE_CANTOPEN',
    'away',
    'it cannot be opened: see that its folder exists, that it is a file, and that this user may write there',
  ],
  [
    'SQLITE_IOERR',
    'away',
    'the disk reports an error: look into the system log, and restore a backup',
  ],
  ['SQLITE_NOMEM', 'away', 'there is no memory left'],
  ['SQLITE_PROTOCOL', 'away', 'another process holds its lock: end that one'],
];

/** `explain`, of one file. */
export type Explain = (error: unknown) => unknown;

/** Turns what the driver throws into an error that says what to do. */
export function explain(error: unknown, path: string): unknown {
  if (error instanceof TypeError && error.message.includes('not open'))
    return new StorageError(`The database ${path} is closed.`, { cause: error });
  if (!(error instanceof Sqlite.SqliteError)) return error;
  const { code, message } = error;
  const [, kind, advice] = known.find(([start]) => code.startsWith(start)) ?? [];
  const text = advice ?? `${code}: ${message}`;
  return new StorageError(`The database ${path}: ${text}.`, {
    cause: error,
    ...(kind && { kind }),
  });
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
