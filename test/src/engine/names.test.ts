import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNames, escapeLocalpart, unescapeLocalpart } from '../../../src/engine/names.ts';
import { remoteUserId } from '../../../src/model/remote-ids.ts';
import { anyCharacter } from '../../support/any-character.ts';

const names = createNames('bridge_', 'hs.test:8448', ['libera', 'oftc']);

describe('escapeLocalpart', () => {
  it('comes back as the text it was, in the grammar of the specification', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const escaped = escapeLocalpart(text);
        expect(escaped).toMatch(/^[a-z0-9._=-]*$/);
        expect(unescapeLocalpart(escaped)).toBe(text.toWellFormed());
      }),
    );
  });

  it('keeps apart what differs only by case', () => {
    expect(escapeLocalpart('Dave_1')).toBe('_dave__1');
    expect(escapeLocalpart('dave_1')).toBe('dave__1');
  });
});

describe('unescapeLocalpart', () => {
  it.each(['a_', 'A', '=4', '=zz', '=41', 'ü', 'a b'])(
    'does not know %j, which nothing escapes to',
    (text) => {
      expect(unescapeLocalpart(text)).toBeUndefined();
    },
  );
});

describe('Names', () => {
  it('tells whose ghost it is', () => {
    const ghost = names.ghost('libera', remoteUserId('Dave[m]'));
    expect(ghost).toBe('@bridge_libera__dave=5bm=5d:hs.test:8448');
    expect(names.ghostOf(ghost)).toEqual({ network: 'libera', user: 'Dave[m]' });
  });

  it.each([
    '@bridge_libera_dave:elsewhere.test',
    '@bridge_other_dave:hs.test:8448',
    '@bridge_libera_:hs.test:8448',
    '@bridge_bot:hs.test:8448',
    '@dave:hs.test:8448',
    '',
  ])('knows that %s is none', (userId) => {
    expect(names.ghostOf(userId)).toBeUndefined();
  });

  it('does not make an id that is too long', () => {
    expect(() => names.ghost('libera', remoteUserId('x'.repeat(240)))).toThrow(RangeError);
  });

  it('tells which chat an alias means', () => {
    expect(names.aliasOf('#bridge_oftc_#debian:hs.test:8448')).toEqual({
      network: 'oftc',
      chat: '#debian',
    });
    expect(names.aliasOf('#debian:hs.test:8448')).toBeUndefined();
  });
});
