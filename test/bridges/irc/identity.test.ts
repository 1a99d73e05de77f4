import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nickFor, realnameFor, usernameFor } from '../../../bridges/irc/identity.ts';
import { anyCharacter } from '../../support/any-character.ts';

const who = (displayName: string, userId = '@ann.b:example.org') => ({ userId, displayName });

describe('nickFor', () => {
  it.each([
    ['Ann', 'Ann[m]'],
    ['Ann Bell', 'Ann_Bell[m]'],
    ['Änn Ö.', 'Ann_O[m]'],
    ['李雷', 'annb[m]'],
    ['', 'annb[m]'],
    ['4nn', '_4nn[m]'],
    ['-x', '_-x[m]'],
    ['a\r\nQUIT :x\0', 'a_QUIT_x[m]'],
  ])('makes of %j the nick %j', (name, nick) => {
    expect(nickFor('{displayName}[m]', who(name), 30)).toBe(nick);
  });

  it('cuts the name, not what the template puts around it', () => {
    expect(nickFor('{displayName}[m]', who('Annabella'), 9)).toBe('Annabe[m]');
  });

  it('knows the local part of the user', () => {
    expect(nickFor('m-{localpart}', who('Ann'), 30)).toBe('m-annb');
  });

  it('has a name even for somebody who has none', () => {
    expect(nickFor('{displayName}[m]', who('', '@漢:x'), 30)).toBe('matrix[m]');
  });

  it('is a nick for every server, whatever people call themselves', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter }),
        fc.integer({ min: 1, max: 40 }),
        (name, maxLength) => {
          const nick = nickFor('{displayName}[m]', who(name), maxLength);
          expect(nick).toMatch(/^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]*$/);
          expect(nick.length).toBeLessThanOrEqual(maxLength);
        },
      ),
    );
  });
});

describe('usernameFor', () => {
  it('is the local part, as far as it fits', () => {
    expect(usernameFor(who('x', '@Annabella.Bell:example.org'))).toBe('Annabella.');
    expect(usernameFor(who('x', '@-漢:example.org'))).toBe('matrix');
  });
});

describe('realnameFor', () => {
  it('fills the template in, on one line', () => {
    expect(realnameFor('{userId} {displayName}', who('Ann\r\nQUIT'))).toBe(
      '@ann.b:example.org Ann QUIT',
    );
  });

  it('is never too long for the line that says it', () => {
    expect(Buffer.byteLength(realnameFor('{displayName}', who('ä'.repeat(400))))).toBe(150);
  });
});
