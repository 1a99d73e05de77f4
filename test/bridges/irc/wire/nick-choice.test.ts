import { describe, expect, it } from 'vitest';
import { afterErroneous, nickOf } from '../../../../bridges/irc/wire/nick-choice.ts';

describe('nickOf', () => {
  it('keeps the ending when the nick is cut', () => {
    const choice = { wanted: 'annabella', maxLength: 9 };
    expect([0, 1, 2, 12].map((taken) => nickOf({ ...choice, taken }))).toEqual([
      'annabella',
      'annabell_',
      'annabell2',
      'annabel12',
    ]);
  });
});

describe('afterErroneous', () => {
  it('gives up on what is short already', () => {
    expect(afterErroneous({ wanted: 'ann', taken: 0 })).toBeUndefined();
  });
});
