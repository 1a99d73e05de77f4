import type { Account } from './account.ts';
import type { Turn } from './turn.ts';

/** @see RFC 4616 */
export const plain = ({ name, password = '' }: Account): Turn => ({
  answer: () => ({ answer: Buffer.from(`\0${name}\0${password}`) }),
});
