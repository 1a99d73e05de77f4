import { describe, expect, it } from 'vitest';
import { cutDeeperThan, nestingDepth } from '../../../src/util/nesting.ts';

describe('nestingDepth', () => {
  it.each([
    ['1', 0],
    ['[]', 1],
    ['{"a":[1,{"b":2}],"c":[]}', 3],
    ['["[[[["]', 1],
    ['["\\"[[[["]', 1],
    ['["\\\\",[]]', 2],
    ['"never closed [[[', 0],
  ])('of %s is %d', (json, depth) => {
    expect(nestingDepth(Buffer.from(json))).toBe(depth);
  });
});

describe('cutDeeperThan', () => {
  it('empties what is deeper, and leaves the rest', () => {
    const value = { a: { b: { c: 1 }, d: 2 }, e: [[3, [4]]] };
    expect(cutDeeperThan(value, 2)).toBe(true);
    expect(value).toEqual({ a: { b: null, d: 2 }, e: [null] });
  });

  it('leaves what is not deeper', () => {
    const value = { a: { b: [1] } };
    expect(cutDeeperThan(value, 3)).toBe(false);
    expect(value).toEqual({ a: { b: [1] } });
  });

  it.each([undefined, null, 3, 'text'])('leaves %j', (value) => {
    expect(cutDeeperThan(value, 1)).toBe(false);
  });

  it('overflows no stack', () => {
    const value: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(cutDeeperThan(value, 200)).toBe(true);
    expect(JSON.stringify(value)).toBe(`${'['.repeat(200)}null${']'.repeat(200)}`);
  });
});
