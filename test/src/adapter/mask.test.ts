import { describe, expect, it } from 'vitest';
import { fitsMask } from '../../../src/adapter/mask.ts';

describe('fitsMask', () => {
  it.each([
    ['bob!b@h.example', '*!*@*'],
    ['bob!b@h.example', 'bob!*@*.example'],
    ['bob', 'b?b'],
    ['bob', '*b'],
    ['a.a.b', '*a.b'],
    ['a', 'a'],
    ['abc', '**'],
    ['abbc', 'a*c'],
    ['abc', '*b*'],
    ['axbxbc', 'a*b*c'],
    ['', '*'],
    ['[x]', '[x]'],
  ])('“%s” fits “%s”', (text, mask) => expect(fitsMask(text, mask)).toBe(true));

  it.each([
    ['bob!b@h.example', 'bob'],
    ['bob', 'b?'],
    ['bob', 'b*c'],
    ['', '?'],
    ['ab', 'a'],
    ['abcd', 'a*c'],
    ['', 'a'],
    ['x', '[x]'],
  ])('“%s” does not fit “%s”', (text, mask) => expect(fitsMask(text, mask)).toBe(false));

  it('is done at once with a mask that is made to take long', () => {
    expect(fitsMask('a'.repeat(500), `${'*a'.repeat(200)}*b`)).toBe(false);
  });
});
