import { describe, expect, it } from 'vitest';
import { type Line, parseLine } from '../../../../../bridges/irc/wire/line.ts';
import type { Account } from '../../../../../bridges/irc/wire/sasl/account.ts';
import { beginTalk, heardInTalk, type Said } from '../../../../../bridges/irc/wire/sasl/talk.ts';

const account: Account = { name: 'bot', password: 'pw', hasCertificate: false, nonce: 'abc' };

/** All that was sent, and what came of it. */
function talk(offered: string | undefined, raws: readonly string[], who = account) {
  let said: Said = beginTalk(who, offered);
  const sent = [...said.send];
  for (const raw of raws) {
    said = heardInTalk(said.talk, parseLine(raw) as Line) ?? { ...said, send: [] };
    sent.push(...said.send);
  }
  return { sent, outcome: said.outcome };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a talk about an account', () => {
  it('gives the password where nothing better is offered', () => {
    const { sent, outcome } = talk('PLAIN,EXTERNAL', [
      'AUTHENTICATE +',
      ':s 900 bot bot!b@h bot :You are now logged in as bot',
      ':s 903 bot :SASL authentication successful',
    ]);
    expect(sent).toEqual(['AUTHENTICATE PLAIN', `AUTHENTICATE ${base64('\0bot\0pw')}`]);
    expect(outcome).toEqual({ is: 'proved' });
  });

  it('shows the certificate before it says anything', () => {
    const { sent } = talk('PLAIN,EXTERNAL,SCRAM-SHA-256', ['AUTHENTICATE +'], {
      ...account,
      hasCertificate: true,
    });
    expect(sent).toEqual(['AUTHENTICATE EXTERNAL', 'AUTHENTICATE +']);
  });

  it('prefers to prove the password instead of giving it', () => {
    const { sent } = talk('PLAIN,SCRAM-SHA-256', ['AUTHENTICATE +']);
    expect(sent).toEqual([
      'AUTHENTICATE SCRAM-SHA-256',
      `AUTHENTICATE ${base64('n,,n=bot,r=abc')}`,
    ]);
  });

  it('takes the next way where a server that lists none does not know one', () => {
    const { sent, outcome } = talk(undefined, [
      ':s 904 bot :SASL authentication failed',
      'AUTHENTICATE +',
      ':s 903 bot :ok',
    ]);
    expect(sent.slice(0, 2)).toEqual(['AUTHENTICATE SCRAM-SHA-256', 'AUTHENTICATE PLAIN']);
    expect(outcome).toEqual({ is: 'proved' });
  });

  it('tries no second way with a password that is wrong', () => {
    const { sent, outcome } = talk('PLAIN,SCRAM-SHA-256', [
      'AUTHENTICATE +',
      ':s 904 bot :SASL authentication failed',
    ]);
    expect(sent).toHaveLength(2);
    expect(outcome).toEqual({ is: 'refused', text: 'SASL authentication failed' });
  });

  it('is over where nothing that is offered can be done', () => {
    expect(talk('EXTERNAL', []).outcome).toMatchObject({ is: 'refused' });
    expect(talk('ECDSA-NIST256P-CHALLENGE', []).sent).toEqual([]);
  });

  it('cuts a long answer into pieces, with an empty one after a last that is whole', () => {
    const password = 'p'.repeat(300 - '\0bot\0'.length);
    const { sent } = talk('PLAIN', ['AUTHENTICATE +'], { ...account, password });
    expect(sent[1]).toHaveLength('AUTHENTICATE '.length + 400);
    expect(sent[2]).toBe('AUTHENTICATE +');
  });

  it('waits for all pieces of a challenge, and for no end of them', () => {
    const piece = 'A'.repeat(400);
    expect(talk('PLAIN', [`AUTHENTICATE ${piece}`]).sent).toHaveLength(1);
    expect(talk('PLAIN', [`AUTHENTICATE ${piece}`, 'AUTHENTICATE +']).sent).toHaveLength(2);
    expect(talk('PLAIN', Array(60).fill(`AUTHENTICATE ${piece}`)).outcome).toEqual({
      is: 'refused',
      text: 'it asks without end',
    });
  });

  it('breaks off with a server that cannot be trusted', () => {
    const { sent, outcome } = talk('SCRAM-SHA-256', [
      'AUTHENTICATE +',
      `AUTHENTICATE ${base64('r=somebody,s=AAAA,i=4096')}`,
    ]);
    expect(sent.at(-1)).toBe('AUTHENTICATE *');
    expect(outcome).toEqual({ is: 'refused', text: 'The server answers somebody else' });
  });
});
