import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFormatting, writableLines } from '../../../bridges/irc/format.ts';
import { cleanHtml } from '../../../src/matrix/html/clean-html.ts';
import { anyCharacter } from '../../support/any-character.ts';

/** Lines with a style somewhere in them. */
const styled = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\x02',
        '\x1d',
        '\x1f',
        '\x1e',
        '\x11',
        '\x16',
        '\x034',
        '\x035,5',
        '\x04a0B1c2',
        '<b>&"',
      ),
      fc.string(),
    ),
  )
  .map((pieces) => `\x02x${pieces.join('')}`);

describe('readFormatting', () => {
  it.each([
    ['plain', 'plain', undefined],
    ['a \x02bold\x02 word', 'a bold word', 'a <strong>bold</strong> word'],
    ['\x02\x1dboth\x0f none', 'both none', '<strong><em>both</em></strong> none'],
    ['\x02  a  b \x02 c', '  a  b  c', '<strong>\u00a0\u00a0a \u00a0b </strong>\u00a0c'],
    ['\x1funder \x1estruck', 'under struck', '<u>under </u><u><del>struck</del></u>'],
    ['\x11code <b>', 'code <b>', '<code>code &lt;b&gt;</code>'],
    [
      '\x0304,12red\x03 not',
      'red not',
      '<span data-mx-color="#ff0000" data-mx-bg-color="#0000fc">red</span> not',
    ],
    ['\x034five\x03,5', 'five,5', '<span data-mx-color="#ff0000">five</span>,5'],
    ['\x0399,1x', 'x', '<span data-mx-bg-color="#000000">x</span>'],
    [
      '\x0388,98a\x0352b',
      'ab',
      '<span data-mx-color="#000000" data-mx-bg-color="#ffffff">a</span>' +
        '<span data-mx-color="#ff0000" data-mx-bg-color="#ffffff">b</span>',
    ],
    ['\x04FF8800orange\x04', 'orange', '<span data-mx-color="#ff8800">orange</span>'],
    [
      '\x034\x16turned\x16red\x0f off',
      'turnedred off',
      '<span data-mx-bg-color="#ff0000">turned</span><span data-mx-color="#ff0000">red</span> off',
    ],
    ['\x031,1who\x03 did it', 'who did it', '<span data-mx-spoiler>who</span> did it'],
    ['\x02\x034both\x0f', 'both', '<span data-mx-color="#ff0000"><strong>both</strong></span>'],
    ['\x16reverse\x07 bell', 'reverse bell', undefined],
    ['\x02\x02nothing', 'nothing', undefined],
  ])('reads %j', (line, text, html) => {
    expect(readFormatting(line)).toEqual({ text, ...(html !== undefined && { html }) });
  });

  it('gives HTML of which Matrix permits everything, and which says what the text says', () => {
    fc.assert(
      fc.property(styled, (line) => {
        const { text, html } = readFormatting(line);
        if (html === undefined) return;
        const written = html.replaceAll('&quot;', '"');
        const { words, ...clean } = cleanHtml(html) ?? { words: undefined };
        expect(words?.replaceAll('\u00a0', ' ')).toBe(text.replaceAll('\u00a0', ' '));
        expect(clean).toEqual({
          html: written,
          isPlain: false,
          isBlank: false,
        });
      }),
    );
  });

  it('leaves no control character in the text, and no element open', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (line) => {
        const { text, html = '' } = readFormatting(line);
        expect([...text].filter((char) => char < ' ' && char !== '\t' && char !== '\n')).toEqual(
          [],
        );
        const opened = html.match(/<(?!br>)[a-z]+(?: [^>]*)?>/g) ?? [];
        const closed = html.match(/<\/[a-z]+>/g) ?? [];
        expect(closed).toHaveLength(opened.length);
      }),
    );
  });
});

describe('writableLines', () => {
  it('cuts at every kind of line end, and leaves lines without a word out', () => {
    expect(writableLines('a\r\nb\rc\n\n \nd\u2028e\vf\x85g')).toEqual([...'abcdefg']);
  });

  it('takes out what would be read as protocol or as talk between programs', () => {
    expect(writableLines('\x01VERSION\x01 \0x\x07')).toEqual(['VERSION x']);
  });

  it('leaves colours in, but does not take them for words', () => {
    expect(writableLines('\x0304red\n\x0304\x02\n')).toEqual(['\x0304red']);
  });
});
