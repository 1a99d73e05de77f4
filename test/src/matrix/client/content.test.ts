import { describe, expect, it } from 'vitest';
import { contentJson } from '../../../../src/matrix/client/content.ts';
import { endpoints } from '../../../../src/matrix/client/endpoint.ts';

describe('contentJson', () => {
  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'refuses the number %d',
    (value) => {
      const write = () => contentJson(endpoints.send, { list: [{ value }] });
      expect(write).toThrow(expect.objectContaining({ kind: 'refused', errcode: 'M_BAD_JSON' }));
    },
  );

  it('takes whole numbers, and makes every text in it well-formed', () => {
    const content = { n: -(2 ** 53 - 1), list: [{ text: 'a\0\ud83d' }], absent: undefined };
    expect(JSON.parse(contentJson(endpoints.send, content))).toEqual({
      n: -(2 ** 53 - 1),
      list: [{ text: 'a\ufffd' }],
    });
  });

  it('counts bytes, not characters', () => {
    const withBytes = (bytes: number) => ({ a: 'ü'.repeat((bytes - 8) / 2) });
    expect(contentJson(endpoints.send, withBytes(60_000))).toBeTypeOf('string');
    expect(() => contentJson(endpoints.send, withBytes(60_002))).toThrow(
      expect.objectContaining({ kind: 'refused', errcode: 'M_TOO_LARGE' }),
    );
  });
});
