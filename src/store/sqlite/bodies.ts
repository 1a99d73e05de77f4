import type { Database } from 'better-sqlite3';

/**
 * Forgets what was said once nothing needs it any more. Runs within a commit.
 *
 * Of a Matrix event the row stays with its id, for good; of a remote event only where it has a key,
 * as without one it can never be told from another.
 */
export interface Bodies {
  forgetMatrixEvent(seq: number): void;
  forgetRemoteEvent(seq: number): void;
}

export function bodies(db: Database): Bodies {
  const emptyMatrix = db.prepare<[number, number]>(`
    UPDATE matrix_event SET json = NULL WHERE seq = ?
      AND NOT EXISTS (SELECT 1 FROM delivery WHERE event = ? AND state <> 'done')`);
  const emptyRemote = db.prepare<[number]>(
    "UPDATE remote_event SET json = NULL, state = 'done' WHERE seq = ? AND key IS NOT NULL",
  );
  const removeRemote = db.prepare<[number]>('DELETE FROM remote_event WHERE seq = ?');
  return {
    forgetMatrixEvent: (seq) => void emptyMatrix.run(seq, seq),
    forgetRemoteEvent(seq) {
      if (emptyRemote.run(seq).changes === 0) removeRemote.run(seq);
    },
  };
}
