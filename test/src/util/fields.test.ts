import { describe, expect, it } from 'vitest';
import { count, field, list, object, text } from '../../../src/util/fields.ts';

const from: unknown = JSON.parse('{"t":"x","n":3,"o":{"a":1},"l":[1],"nil":null,"__proto__":"p"}');

describe('fields', () => {
  it('gives what is of the right kind', () => {
    expect(text(from, 't')).toBe('x');
    expect(count(from, 'n')).toBe(3);
    expect(object(from, 'o')).toEqual({ a: 1 });
    expect(list(from, 'l')).toEqual([1]);
    expect(field(from, '__proto__')).toBe('p');
  });

  it('gives nothing for what is not', () => {
    expect(text(from, 'n')).toBeUndefined();
    expect(count({ n: -1 }, 'n')).toBeUndefined();
    expect(count({ n: 1.5 }, 'n')).toBeUndefined();
    expect(object(from, 'l')).toEqual({});
    expect(object(from, 'nil')).toEqual({});
    expect(list(from, 'o')).toEqual([]);
    expect(field(from, 'constructor')).toBeUndefined();
    expect(field({}, '__proto__')).toBeUndefined();
    for (const nothing of [null, undefined, 'text', 3, []])
      expect(field(nothing, 'length')).toBeUndefined();
  });
});
