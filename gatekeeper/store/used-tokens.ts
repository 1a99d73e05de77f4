import type { Database } from './open.ts';

/** Tokens that were used, until they expire. Kept on disk, as a replay may come after a restart. */
export function usedTokens(db: Database) {
  const insert = db.prepare('INSERT OR IGNORE INTO used_tokens (hash, expires_s) VALUES (?, ?)');
  const forget = db.prepare('DELETE FROM used_tokens WHERE expires_s < ?');
  return {
    /** Whether this is the first time. */
    use: (hash: Buffer, expiresS: number): boolean => insert.run(hash, expiresS).changes === 1,
    forgetBefore: (nowS: number): void => void forget.run(nowS),
  };
}
