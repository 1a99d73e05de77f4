import type { Database } from './open.ts';

export interface ChallengeRow {
  readonly user_ref: string;
  readonly challenge_id: string;
  readonly code_hash: string;
  readonly tries_left: number;
  readonly expires_ms: number;
}

/** What the gatekeeper asked somebody, one question at a time. */
export function challenges(db: Database) {
  const put = db.prepare(`
    INSERT OR REPLACE INTO challenges (user_ref, challenge_id, code_hash, tries_left, expires_ms)
    VALUES (@user_ref, @challenge_id, @code_hash, @tries_left, @expires_ms)`);
  const get = db.prepare<[string], ChallengeRow>('SELECT * FROM challenges WHERE user_ref = ?');
  const remove = db.prepare('DELETE FROM challenges WHERE user_ref = ?');
  return {
    put: (row: ChallengeRow): void => void put.run(row),
    get: (userRef: string) => get.get(userRef),
    remove: (userRef: string): void => void remove.run(userRef),
  };
}
