import type { MessageAccepted } from '#gia/schemas';
import type { Database } from './open.ts';

export interface MessageRow {
  readonly conv_id: string;
  readonly seq: number;
  readonly msg_id: string;
  readonly sender_ref: string;
  readonly sender_device: string;
  readonly accepted_ms: number;
}

export interface AnsweredRow {
  readonly request_hash: Buffer;
  readonly answer: MessageAccepted;
}

/** That there was a message, without a word of it, and what was answered to which attempt. */
export function messages(db: Database) {
  const insert = db.prepare(`
    INSERT INTO messages (conv_id, seq, msg_id, sender_ref, sender_device, accepted_ms)
    VALUES (@conv_id, @seq, @msg_id, @sender_ref, @sender_device, @accepted_ms)`);
  const get = db.prepare<[string], MessageRow>('SELECT * FROM messages WHERE msg_id = ?');
  const answered = db.prepare<[string, string], { request_hash: Buffer; answer: string }>(
    'SELECT request_hash, answer FROM idempotency WHERE sender_ref = ? AND key = ?',
  );
  const remember = db.prepare(`
    INSERT INTO idempotency (sender_ref, key, request_hash, answer, at_ms) VALUES (?, ?, ?, ?, ?)`);
  const forgetMessages = db.prepare('DELETE FROM messages WHERE accepted_ms < ?');
  const forgetAnswers = db.prepare('DELETE FROM idempotency WHERE at_ms < ?');
  return {
    add: (row: MessageRow): void => void insert.run(row),
    get: (msgId: string) => get.get(msgId),
    answered(senderRef: string, key: string): AnsweredRow | undefined {
      const row = answered.get(senderRef, key);
      return row && { ...row, answer: JSON.parse(row.answer) };
    },
    remember(senderRef: string, key: string, { request_hash, answer }: AnsweredRow): void {
      const text = JSON.stringify(answer);
      remember.run(senderRef, key, request_hash, text, answer.accepted_ms);
    },
    forgetBefore(messagesMs: number, answersMs: number): void {
      forgetMessages.run(messagesMs);
      forgetAnswers.run(answersMs);
    },
  };
}
