import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codedPieces } from '../../../bridges/irc/codes.ts';
import { colourOf } from '../../../bridges/irc/colours.ts';
import { readFormatting } from '../../../bridges/irc/format.ts';
import { linesOfHtml } from '../../../bridges/irc/html-lines.ts';
import { type PLAIN, runsIn, type Style } from '../../../bridges/irc/looks.ts';

const written = (line: string, formatting: 'none' | 'numbers' | 'exact' = 'exact') =>
  codedPieces(runsIn(line), 400, formatting).join('\n');

/** Words in every look, next to numbers and commas. */
const lines = fc
  .array(
    fc.oneof(
      fc.constantFrom('\x02', '\x1d', '\x1f', '\x1e', '\x11', '\x16', '\x0f', '\x03', '\x04'),
      fc.constantFrom('\x034', '\x035,5', '\x0399,12', '\x04a0B1c2', '\x04a0B1c2,c0ffee'),
      fc.constantFrom('7', ',', ',5', 'c0ffee', 'some words ', 'ä漢🙂👩‍👩‍👧', '<&">'),
      fc.string(),
    ),
    { maxLength: 60, size: 'max' },
  )
  .map((pieces) => pieces.join(''));

describe('codedPieces', () => {
  it.each([
    ['a \x02bold\x02 word', 'a \x02bold\x02 word'],
    ['\x02\x1dboth\x0f none', '\x02\x1dboth\x02\x1d none'],
    ['\x034red\x03 7', '\x0304red\x0f 7'],
    ['\x0304\x02\x02,5', '\x0304\x02\x02,5'],
    ['\x034,12x\x035y', '\x0304,12x\x0305,12y'],
    ['\x04c0ffeehex', '\x04c0ffeehex'],
    ['\x16turned', '\x16turned'],
    ['\x02\x02\x03nothing', 'nothing'],
  ])('writes %j', (line, codes) => {
    expect(written(line)).toBe(codes);
  });

  it('names the nearest of the colours that have a number, unless it is to be exact', () => {
    expect(written('\x04fe0101x', 'numbers')).toBe('\x0304x');
    expect(written('\x04fe0101x', 'exact')).toBe('\x04fe0101x');
  });

  it('covers nothing that was to be read, where two colours have the same number', () => {
    expect(written('\x04fe0101,ff0000x', 'numbers')).toBe('\x0304x');
  });

  it('writes nothing of a look where that is not wanted, but that words were covered', () => {
    expect(written('\x02a \x031,1secret\x0f', 'none')).toBe('a [spoiler: secret]');
  });

  it('is read as it was meant, however it is cut, and no piece is too long', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 64, max: 200 }), (line, limit) => {
        const runs = runsIn(line);
        const pieces = codedPieces(runs, limit, 'exact');
        for (const piece of pieces) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(limit);
        // Next to each other, what looks alike is one.
        const looks = (all: ReturnType<typeof runsIn>) =>
          all.flatMap(({ text, look }) => [...text].map((char) => [char, named(look)]));
        expect(looks(pieces.flatMap(runsIn))).toEqual(looks(runs));
      }),
    );
  });

  it('says the same again, and looks the same, whenever it goes to Matrix and comes back', () => {
    const comesBack = (line: string) => {
      const { text, html } = readFormatting(line);
      const lines = html === undefined ? [runsIn(text)] : linesOfHtml(html, () => undefined);
      return lines.flatMap((runs) => codedPieces(runs, 99_999, 'exact')).join('\n');
    };
    fc.assert(
      fc.property(lines, (line) => {
        const once = comesBack(line.replace(/\s+/g, ' ').trim());
        expect(readFormatting(comesBack(once))).toEqual(readFormatting(once));
        expect(words(once)).toBe(words(line));
      }),
      { examples: [['\x034some words \x034 !'], ['\x02a \x02 \x02 b']] },
    );
  });
});

const words = (line: string) => readFormatting(line).text.replace(/\s/g, '');

const named = ({ styles, fore, back }: typeof PLAIN) => [
  [...styles].sort((one: Style, other: Style) => one.localeCompare(other)),
  fore,
  back,
];

describe('numberOf', () => {
  it('knows the colours by their numbers', () => {
    for (let number = 0; number < 99; number++) expect(colourOf(number)).toMatch(/^[0-9a-f]{6}$/);
  });
});
