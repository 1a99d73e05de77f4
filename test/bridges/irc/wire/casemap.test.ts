import { describe, expect, it } from 'vitest';
import { foldCase } from '../../../../bridges/irc/wire/casemap.ts';

describe('foldCase', () => {
  it.each([
    ['ascii', 'Ann[M]~\\^', 'ann[m]~\\^'],
    ['rfc1459', 'Ann[M]~\\^', 'ann{m}^|^'],
    ['rfc1459-strict', 'Ann[M]~\\^', 'ann{m}~|^'],
  ] as const)('folds as %s says', (mapping, name, folded) => {
    expect(foldCase(name, mapping)).toBe(folded);
  });

  it('leaves letters beyond ASCII alone, unless the server folds those too', () => {
    expect(foldCase('ÄÖ', 'ascii')).toBe('ÄÖ');
    expect(foldCase('ÄÖ', 'rfc1459')).toBe('ÄÖ');
    expect(foldCase('ÄÖ', 'unicode')).toBe('äö');
  });
});
