import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeTag, parseTags, unescapeTag } from '../../../../bridges/irc/wire/tags.ts';
import { anyCharacter } from '../../../support/any-character.ts';

describe('escapeTag', () => {
  it('leaves nothing that would end a tag, and is undone by `unescapeTag`', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (value) => {
        expect(escapeTag(value)).not.toMatch(/[; \r\n]/);
        expect(unescapeTag(escapeTag(value))).toBe(value);
      }),
    );
  });
});

describe('unescapeTag', () => {
  it('drops a backslash that escapes nothing', () => {
    expect(unescapeTag('\\b')).toBe('b');
    expect(unescapeTag('a\\')).toBe('a');
  });
});

describe('parseTags', () => {
  it('takes a tag without a value as empty, and the last of two', () => {
    expect([...parseTags('a;b=;c=1;c=2')]).toEqual([
      ['a', ''],
      ['b', ''],
      ['c', '2'],
    ]);
  });
});
