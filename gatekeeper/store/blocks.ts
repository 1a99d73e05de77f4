import type { Database } from './open.ts';

export function blocks(db: Database) {
  const add = db.prepare('INSERT OR IGNORE INTO blocks (user_ref, blocked_ref) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM blocks WHERE user_ref = ? AND blocked_ref = ?');
  const has = db.prepare('SELECT 1 FROM blocks WHERE user_ref = ? AND blocked_ref = ?');
  const of = db.prepare<[string], { blocked_ref: string }>(
    'SELECT blocked_ref FROM blocks WHERE user_ref = ? ORDER BY blocked_ref',
  );
  return {
    add: (userRef: string, blockedRef: string): void => void add.run(userRef, blockedRef),
    remove: (userRef: string, blockedRef: string): void => void remove.run(userRef, blockedRef),
    has: (userRef: string, blockedRef: string): boolean =>
      has.get(userRef, blockedRef) !== undefined,
    of: (userRef: string): string[] => of.all(userRef).map((row) => row.blocked_ref),
  };
}
