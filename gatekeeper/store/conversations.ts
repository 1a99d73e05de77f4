import type { SecurityLevel } from '#gia/schemas';
import type { Database } from './open.ts';

export interface ConversationRow {
  readonly n: number;
  readonly conv_id: string;
  readonly suite: string;
  readonly one_ref: string;
  readonly other_ref: string;
  readonly epoch: number;
  readonly last_seq: number;
  readonly level: SecurityLevel;
  readonly created_ms: number;
}

export interface MemberRow {
  readonly user_ref: string;
  readonly device: string;
  readonly since_v: number;
}

export type NewConversation = Omit<ConversationRow, 'n' | 'epoch' | 'last_seq'>;

export function conversations(db: Database) {
  const insert = db.prepare(`
    INSERT INTO conversations (conv_id, suite, one_ref, other_ref, level, created_ms)
    VALUES (@conv_id, @suite, @one_ref, @other_ref, @level, @created_ms)`);
  const get = db.prepare<[string], ConversationRow>(
    'SELECT * FROM conversations WHERE conv_id = ?',
  );
  const between = db.prepare<[string, string, string], ConversationRow>(
    'SELECT * FROM conversations WHERE one_ref = ? AND other_ref = ? AND suite = ?',
  );
  const page = db.prepare<[string, string, number, number], ConversationRow>(`
    SELECT * FROM conversations WHERE (one_ref = ? OR other_ref = ?) AND n > ? ORDER BY n LIMIT ?`);
  const step = db.prepare(
    'UPDATE conversations SET epoch = ?, last_seq = last_seq + 1 WHERE conv_id = ?',
  );
  const setLevel = db.prepare('UPDATE conversations SET level = ? WHERE conv_id = ?');
  const members = db.prepare<[string], MemberRow>(
    'SELECT user_ref, device, since_v FROM members WHERE conv_id = ?',
  );
  const clear = db.prepare('DELETE FROM members WHERE conv_id = ?');
  const join = db.prepare(
    'INSERT INTO members (conv_id, user_ref, device, since_v) VALUES (?, ?, ?, ?)',
  );
  return {
    add: (row: NewConversation): void => void insert.run(row),
    get: (convId: string) => get.get(convId),
    /** @param pair sorted. */
    between: (pair: readonly [string, string], suite: string) => between.get(...pair, suite),
    of: (userRef: string, afterN = 0, limit = -1): ConversationRow[] =>
      page.all(userRef, userRef, afterN, limit),
    /** One more message, after which this is the epoch. */
    step: (convId: string, epoch: number): void => void step.run(epoch, convId),
    setLevel: (convId: string, level: SecurityLevel): void => void setLevel.run(level, convId),
    members: (convId: string): MemberRow[] => members.all(convId),
    setMembers(convId: string, rows: readonly MemberRow[]): void {
      clear.run(convId);
      for (const row of rows) join.run(convId, row.user_ref, row.device, row.since_v);
    },
  };
}
