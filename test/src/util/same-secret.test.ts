import { expect, it } from 'vitest';
import { sameSecret } from '../../../src/util/same-secret.ts';

it.each([
  ['abc', 'abc', true],
  ['abc', 'abd', false],
  ['abc', 'ab', false],
  ['', 'abc', false],
])('sameSecret of %j and %j is %s', (given, expected, same) => {
  expect(sameSecret(given, expected)).toBe(same);
});
