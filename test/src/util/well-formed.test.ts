import { describe, expect, it } from 'vitest';
import { truncate, wellFormed } from '../../../src/util/well-formed.ts';

describe('wellFormed', () => {
  it('takes out what cannot be stored', () => {
    expect(wellFormed('a\0b\ud83dc🐈')).toBe('ab\ufffdc🐈');
  });
});

describe('truncate', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'abc'],
    ['🐈🐈🐈🐈', 3, '🐈🐈🐈'],
    ['ab👨‍👩‍👧', 4, 'ab'],
    ['ab👨‍👩‍👧', 7, 'ab👨‍👩‍👧'],
    ['abe\u0301', 3, 'ab'],
    ['', 3, ''],
  ])('%s to %d is %s', (text, max, expected) => {
    expect(truncate(text, max)).toBe(expected);
  });

  it('cuts through one character that alone is too long', () => {
    const pile = `e${'\u0301'.repeat(1000)}`;
    expect([...truncate(pile, 256)]).toHaveLength(256);
  });
});
