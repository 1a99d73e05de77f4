import Sqlite from 'better-sqlite3';
import { explain } from './explain.ts';
import { migrations } from './migrations/index.ts';

/** Which version a database file has, and the newest that this program knows. The file stays as it is. */
export function databaseVersion(path: string): { readonly is: number; readonly newest: number } {
  try {
    const db = new Sqlite(path, { readonly: true, fileMustExist: true });
    try {
      return { is: Number(db.pragma('user_version', { simple: true })), newest: migrations.length };
    } finally {
      db.close();
    }
  } catch (error) {
    throw explain(error, path);
  }
}
