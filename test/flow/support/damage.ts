import { closeSync, openSync, writeSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

/** Overwrites the first page of a table, in a database that nobody has open. */
export function damage(database: string, table: string): void {
  const db = new Sqlite(database, { readonly: true });
  const pageBytes = Number(db.pragma('page_size', { simple: true }));
  const root = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table);
  db.close();
  overwrite(database, (Number(root) - 1) * pageBytes, pageBytes);
}

/** As a disk does that has lost what was there. */
export function overwrite(file: string, atByte: number, count: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(count, 0x5a), 0, count, atByte);
  closeSync(handle);
}
