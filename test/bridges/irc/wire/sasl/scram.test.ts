import { describe, expect, it } from 'vitest';
import type { Account } from '../../../../../bridges/irc/wire/sasl/account.ts';
import { scram } from '../../../../../bridges/irc/wire/sasl/scram.ts';
import { NotTrusted } from '../../../../../bridges/irc/wire/sasl/turn.ts';

const account: Account = {
  name: 'user',
  password: 'pencil',
  hasCertificate: false,
  nonce: 'rOprNGfwEbeRWgbNEkqO',
};
const NONCES = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const challenge = `r=${NONCES},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
const nothing = Buffer.alloc(0);

function proof(said: string) {
  const { next } = scram(account).answer(nothing);
  const second = next?.answer(Buffer.from(said));
  return { answer: String(second?.answer), next: second?.next };
}

describe('scram', () => {
  it('talks as RFC 7677 section 3 does', () => {
    const first = scram(account).answer(nothing);
    expect(String(first.answer)).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
    const second = first.next?.answer(Buffer.from(challenge));
    expect(String(second?.answer)).toBe(
      `c=biws,r=${NONCES},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`,
    );
    const last = second?.next?.answer(
      Buffer.from('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='),
    );
    expect(last).toEqual({ answer: nothing });
  });

  it('keeps commas and equals signs of a name apart from the message', () => {
    expect(String(scram({ ...account, name: 'a,b=c' }).answer(nothing).answer)).toContain(
      'n=a=2Cb=3Dc,r=',
    );
  });

  it.each([
    ['answers somebody else', challenge.replace('rOpr', 'xOpr')],
    ['adds nothing of its own to the nonce', challenge.replace(NONCES, account.nonce)],
    ['asks for a proof that is easily guessed', challenge.replace('4096', '1')],
    ['asks for an hour of work', challenge.replace('4096', '9999999')],
    ['makes no sense', 'hello'],
  ])('trusts no server that %s', (_, said) => {
    expect(() => proof(said)).toThrow(NotTrusted);
  });

  it.each([
    'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
    'v=',
    `v=${Buffer.alloc(32).toString('base64')}`,
    'e=other-error',
  ])('trusts no server that does not know the password: %s', (said) => {
    const { next } = proof(challenge);
    expect(() => next?.answer(Buffer.from(said))).toThrow(NotTrusted);
  });
});
