import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import type { Account } from './account.ts';
import { NotTrusted, type Turn } from './turn.ts';

/** No channel is bound to it. */
const HEADER = 'n,,';
/** Fewer would let whoever listens guess the password (RFC 7677 section 4); more would stop the bridge for a second. */
const FEWEST_ROUNDS = 4_096;
const MOST_ROUNDS = 500_000;

/**
 * Proves that we know the password without telling it, and that the server knows it as well.
 *
 * @see RFC 5802 section 3, with the hash of RFC 7677
 */
export function scram({ name, password = '', nonce }: Account): Turn {
  const first = `n=${escaped(name)},r=${nonce}`;
  return {
    answer: () => ({
      answer: Buffer.from(HEADER + first),
      next: { answer: (challenge) => prove(challenge.toString(), { first, nonce, password }) },
    }),
  };
}

function prove(
  challenge: string,
  { first, nonce, password }: { first: string; nonce: string; password: string },
): ReturnType<Turn['answer']> {
  const { r = '', s = '', i = '' } = fieldsOf(challenge);
  const rounds = Number(i);
  if (!r.startsWith(nonce) || r === nonce) throw new NotTrusted('The server answers somebody else');
  if (!(rounds >= FEWEST_ROUNDS && rounds <= MOST_ROUNDS))
    throw new NotTrusted(`The server asks for ${i} rounds of hashing`);
  const final = `c=${Buffer.from(HEADER).toString('base64')},r=${r}`;
  const all = `${first},${challenge},${final}`;
  const salted = pbkdf2Sync(
    password.normalize('NFKC'),
    Buffer.from(s, 'base64'),
    rounds,
    32,
    'sha256',
  );
  const clientKey = hmac(salted, 'Client Key');
  const proof = xor(clientKey, hmac(createHash('sha256').update(clientKey).digest(), all));
  const expected = hmac(hmac(salted, 'Server Key'), all);
  return {
    answer: Buffer.from(`${final},p=${proof.toString('base64')}`),
    next: { answer: (last) => trust(last.toString(), expected) },
  };
}

function trust(last: string, expected: Buffer): ReturnType<Turn['answer']> {
  const signature = Buffer.from(fieldsOf(last)['v'] ?? '', 'base64');
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
    throw new NotTrusted('The server does not know the password itself');
  return { answer: Buffer.alloc(0) };
}

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

const xor = (a: Buffer, b: Buffer) => Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));

/** A comma ends a field, and an equals sign begins what stands for one. */
const escaped = (name: string) => name.normalize('NFKC').replace(/=/g, '=3D').replace(/,/g, '=2C');

function fieldsOf(message: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    message.split(',').map((field) => [field.slice(0, 1), field.slice(2)] as const),
  );
}
