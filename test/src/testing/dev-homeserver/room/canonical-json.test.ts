import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../../../src/testing/dev-homeserver/room/canonical-json.ts';
import { anyCharacter } from '../../../../support/any-character.ts';

describe('canonicalJson', () => {
  it('says the same of the same, whatever the order of its keys', () => {
    const leaf = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('map')),
      list: fc.array(tie('any')),
      map: fc.dictionary(fc.string({ unit: 'grapheme' }), tie('any')),
    })).map;
    fc.assert(
      fc.property(value, (object) => {
        const text = canonicalJson(object);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(object)));
        const turned = Object.fromEntries(Object.entries(object as object).reverse());
        expect(canonicalJson(turned)).toBe(text);
      }),
    );
  });

  it.each([
    [{ a: 1.5 }, 'M_BAD_JSON'],
    [{ a: [2 ** 53] }, 'M_BAD_JSON'],
    ['\ud800', 'M_UNKNOWN'],
  ])('refuses %j', (value, errcode) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ errcode }));
  });

  it('sorts keys and leaves out what is not there', () => {
    expect(canonicalJson({ b: 1, a: { d: [], c: undefined } })).toBe('{"a":{"d":[]},"b":1}');
  });
});
