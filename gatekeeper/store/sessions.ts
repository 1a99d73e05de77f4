import type { Database } from './open.ts';

export interface SessionRow {
  readonly user_ref: string;
  readonly device: string;
}

/** Who is logged in. Only hashes of the tokens are kept. */
export function sessions(db: Database) {
  const insert = db.prepare(
    'INSERT INTO sessions (token_hash, user_ref, device, created_ms) VALUES (?, ?, ?, ?)',
  );
  const get = db.prepare<[Buffer], SessionRow>(
    'SELECT user_ref, device FROM sessions WHERE token_hash = ?',
  );
  const remove = db.prepare('DELETE FROM sessions WHERE user_ref = ?');
  const removeDevice = db.prepare('DELETE FROM sessions WHERE user_ref = ? AND device = ?');
  return {
    add: (tokenHash: Buffer, { user_ref, device }: SessionRow, nowMs: number): void =>
      void insert.run(tokenHash, user_ref, device, nowMs),
    get: (tokenHash: Buffer) => get.get(tokenHash),
    removeDevice: (userRef: string, device: string): void => void removeDevice.run(userRef, device),
    removeOf: (userRef: string): void => void remove.run(userRef),
  };
}
