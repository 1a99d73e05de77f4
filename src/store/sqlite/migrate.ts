import type { Database } from 'better-sqlite3';
import { StorageError } from '../../ports/storage-error.ts';
import { migrations } from './migrations/index.ts';

/** Marks a file as ours: `DrBr`. */
const applicationId = 0x44724272;

/**
 * Brings the database to the version of this program.
 *
 * Under the write lock, so that of two processes that start at once one waits and then finds it done.
 */
export function migrate(db: Database, path: string, steps: readonly string[] = migrations): void {
  if (versionOf(db) === steps.length && idOf(db) === applicationId) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(db);
    refuseForeign(db, path);
    refuseNewer(version, steps.length, path);
    for (const step of steps.slice(version)) db.exec(step);
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${steps.length}`);
    db.exec('COMMIT');
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
  }
}

const versionOf = (db: Database): number => Number(db.pragma('user_version', { simple: true }));
const idOf = (db: Database): number => Number(db.pragma('application_id', { simple: true }));

function refuseForeign(db: Database, path: string): void {
  if (idOf(db) === applicationId) return;
  const tables = db.prepare<[], { name: string }>('SELECT name FROM sqlite_schema LIMIT 1').get();
  if (tables === undefined && idOf(db) === 0 && versionOf(db) === 0) return;
  throw new StorageError(
    `${path} is a database of another program: name another path for the storage of the bridge.`,
  );
}

function refuseNewer(version: number, known: number, path: string): void {
  if (version <= known) return;
  throw new StorageError(
    `The database ${path} has version ${version}, made by a newer version of this program, ` +
      `which knows versions up to ${known}: start the newer one again, or restore the backup ` +
      'that was made before the update.',
  );
}
