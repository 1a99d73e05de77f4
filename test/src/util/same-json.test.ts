import { expect, it } from 'vitest';
import { sameJson } from '../../../src/util/same-json.ts';

it.each([
  [1, 1, true],
  [1, '1', false],
  [null, null, true],
  [null, {}, false],
  [{}, [], false],
  [{ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: 1, b: 2 }, { a: 1 }, false],
  [{ a: 1 }, { b: 1 }, false],
  [[1, 2], [2, 1], false],
  [{ a: undefined }, {}, true],
])('sameJson of %j and %j is %s', (a, b, same) => {
  expect(sameJson(a, b)).toBe(same);
});
