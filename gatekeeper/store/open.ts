import { closeSync, openSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { migrations } from './migrations/index.ts';

export type { Database } from 'better-sqlite3';

/** Marks a file as one of a gatekeeper: `GkDb`. */
const applicationId = 0x476b4462;

/** Opens the file, makes it if it is not there, and brings it to the version of this program. */
export function openDatabase(path: string): Database {
  closeSync(openSync(path, 'a', 0o600));
  const db = new Sqlite(path, { timeout: 5_000 });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    // What was fetched must not be found in a free page of the file.
    db.pragma('secure_delete = ON');
    db.transaction(migrate).immediate(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * A second connection that does not wait for the disk: what it wrote is on disk with the next commit of the first one,
 * as both write to the same log, in order.
 */
export function openUnhurried(path: string): Database {
  const db = new Sqlite(path, { timeout: 5_000 });
  db.pragma('synchronous = NORMAL');
  return db;
}

function migrate(db: Database, path: string): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  const id = Number(db.pragma('application_id', { simple: true }));
  const isNew = db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (id !== applicationId && !isNew)
    throw new Error(`${path} is a database of another program: name another folder with --data`);
  if (version > migrations.length)
    throw new Error(
      `${path} was made by a newer gatekeeper (version ${version}, this one knows ${migrations.length}): start that one`,
    );
  for (const step of migrations.slice(version)) db.exec(step);
  db.pragma(`application_id = ${applicationId}`);
  db.pragma(`user_version = ${migrations.length}`);
}
