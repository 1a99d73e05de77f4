import { createHash } from 'node:crypto';
import type { Database } from './open.ts';

/** A device, and for which suite. */
export type KeysOf = readonly [userRef: string, device: string, suite: string];

/** Key packages, each of which leaves here once. */
export function keys(db: Database) {
  const insert = db.prepare(`
    INSERT OR IGNORE INTO key_packages (user_ref, device, suite, hash, body) VALUES (?, ?, ?, ?, ?)`);
  const oldest = db.prepare<[string, string, string], { id: number; body: string }>(`
    SELECT id, body FROM key_packages
    WHERE user_ref = ? AND device = ? AND suite = ? AND body IS NOT NULL ORDER BY id LIMIT 1`);
  const use = db.prepare('UPDATE key_packages SET body = NULL WHERE id = ?');
  const count = db.prepare<[string, string, string], { count: number }>(`
    SELECT count(*) AS count FROM key_packages
    WHERE user_ref = ? AND device = ? AND suite = ? AND body IS NOT NULL`);
  const putLast = db.prepare(
    'INSERT OR REPLACE INTO last_resorts (user_ref, device, suite, body) VALUES (?, ?, ?, ?)',
  );
  const getLast = db.prepare<[string, string, string], { body: string }>(
    'SELECT body FROM last_resorts WHERE user_ref = ? AND device = ? AND suite = ?',
  );
  const remove = [
    db.prepare('DELETE FROM key_packages WHERE user_ref = ? AND device = ?'),
    db.prepare('DELETE FROM last_resorts WHERE user_ref = ? AND device = ?'),
  ];
  return {
    /** What was here once is not added again, even if it was handed out since. */
    add: (of: KeysOf, body: string): void =>
      void insert.run(...of, createHash('sha256').update(body).digest(), body),
    putLastResort: (of: KeysOf, body: string): void => void putLast.run(...of, body),
    take(of: KeysOf): string | undefined {
      const found = oldest.get(...of);
      if (found !== undefined) use.run(found.id);
      return found?.body;
    },
    count: (of: KeysOf): number => count.get(...of)?.count ?? 0,
    lastResort: (of: KeysOf): string | undefined => getLast.get(...of)?.body,
    removeOf(userRef: string, device: string): void {
      for (const statement of remove) statement.run(userRef, device);
    },
  };
}
