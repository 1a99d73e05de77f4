import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeBytes, splitText } from '../../../../bridges/irc/wire/split.ts';
import { anyCharacter } from '../../../support/any-character.ts';

const units = fc.constantFrom('a', 'word ', ' ', 'ä', '漢', '🙂', '👩‍👩‍👧', 'e\u0301', '\u200d');
const texts = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.array(units, { maxLength: 120 }).map((parts) => parts.join('')),
);

describe('splitText', () => {
  it('gives pieces that fit, and are the text again when joined', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 80 }), (text, limit) => {
        const pieces = splitText(text, limit);
        expect(pieces.join('')).toBe(text.toWellFormed());
        for (const piece of pieces) {
          expect(sizeBytes(piece)).toBeLessThanOrEqual(limit);
          expect(piece).not.toBe('');
          expect(piece.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('cuts after a space where it can', () => {
    expect(splitText('one two three', 8)).toEqual(['one two ', 'three']);
  });

  it('does not make a piece tiny for the sake of a space', () => {
    expect(splitText('a bcdefghijklmnop', 8)).toEqual(['a bcdefg', 'hijklmno', 'p']);
  });

  it('cuts between characters as people see them', () => {
    expect(splitText('ab👩‍👩‍👧cd', 19)).toEqual(['ab', '👩‍👩‍👧c', 'd']);
    expect(splitText('aaae\u0301', 4)).toEqual(['aaa', 'e\u0301']);
  });

  it('cuts inside one only when it alone is too long', () => {
    expect(splitText('👩‍👩‍👧', 8)).toEqual(['👩‍', '👩‍', '👧']);
  });

  it('says nothing of nothing', () => {
    expect(splitText('', 80)).toEqual([]);
  });
});
