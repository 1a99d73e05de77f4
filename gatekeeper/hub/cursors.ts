import { createHmac } from 'node:crypto';
import { refuse } from '../server/refusal.ts';
import { sameSecret } from '../server/secrets.ts';

/** Cursors are signed together with their stream: that of another one is as good as none. */
export function cursors(key: Buffer) {
  const tag = (stream: string, n: number) =>
    createHmac('sha256', key).update(`${stream}\n${n}`).digest('base64url').slice(0, 16);
  return {
    write: (stream: string, n: number): string => `${n}.${tag(stream, n)}`,
    read(stream: string, cursor: string): number {
      const [number = '', given = ''] = cursor.split('.');
      const n = Number(number);
      if (!Number.isSafeInteger(n) || n < 0 || !sameSecret(given, tag(stream, n)))
        refuse('invalid_request', 'This is not a cursor of this stream');
      return n;
    },
  };
}

export type Cursors = ReturnType<typeof cursors>;
