import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from '../../../../bridges/irc/wire/socket.ts';

describe('LineReader', () => {
  it('gives the same lines however the bytes are cut', () => {
    const words = fc.string({ unit: 'grapheme', minLength: 1 }).filter((s) => !/[\r\n]/.test(s));
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(words), cuts, (lines, sizes) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\r\n`).join(''));
        const reader = new LineReader('windows-1252');
        const read: string[] = [];
        for (let at = 0, n = 0; at < bytes.length; n++) {
          const size = sizes[n % sizes.length] ?? 1;
          read.push(...reader.take(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(read).toEqual(lines);
      }),
    );
  });

  it('takes a bare line feed for an end, and leaves empty lines out', () => {
    expect(new LineReader('latin1').take(Buffer.from('a\n\r\nb\r\n'))).toEqual(['a', 'b']);
  });

  it('reads a line that is not UTF-8 in the fallback charset, and the next as UTF-8 again', () => {
    const bytes = Buffer.concat([Buffer.from([0xe4, 0x80, 0x0a]), Buffer.from('ä€\n')]);
    expect(new LineReader('windows-1252').take(bytes)).toEqual(['ä€', 'ä€']);
  });

  it('gives up on a line without an end', () => {
    const reader = new LineReader('windows-1252');
    expect(() => reader.take(Buffer.alloc(70_000, 0x61))).toThrow(RangeError);
  });
});
