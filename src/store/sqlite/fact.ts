import type { Database } from 'better-sqlite3';
import type { FactStore } from '../../ports/store.ts';
import type { Place, Sealer } from '../seal.ts';
import type { Writer } from './group-commit.ts';

export function factStore(db: Database, writer: Writer, sealer: Sealer): FactStore {
  const get = db.prepare<[string], { key_id: string; sealed: Uint8Array }>(
    'SELECT key_id, sealed FROM fact WHERE name = ?',
  );
  const insert = db.prepare<[string, string, Uint8Array]>(
    'INSERT INTO fact (name, key_id, sealed) VALUES (?, ?, ?)',
  );
  const placeOf = (name: string): Place => ['fact', null, null, name];
  const read = (name: string): Uint8Array | undefined => {
    const row = get.get(name);
    return row && sealer.open(placeOf(name), { keyId: row.key_id, bytes: row.sealed });
  };

  return {
    // Looked for again under the write lock: another caller or process may have been first.
    once: async (name, make) =>
      read(name) ??
      writer.run(() => {
        const there = read(name);
        if (there) return there;
        const value = Uint8Array.from(make());
        const { keyId, bytes } = sealer.seal(placeOf(name), value);
        insert.run(name, keyId, bytes);
        return value;
      }),
  };
}
