import { describe, expect, it } from 'vitest';
import { codedPieces } from '../../../bridges/irc/codes.ts';
import { linesOfHtml } from '../../../bridges/irc/html-lines.ts';

const linesOf = (html: string, nickOf: (label: string) => string | undefined = () => undefined) =>
  linesOfHtml(html, nickOf).flatMap((runs) => codedPieces(runs, 400, 'exact'));

describe('linesOfHtml', () => {
  it('cuts off what nobody sees at the end of a line, however many tags are around it', () => {
    expect(linesOf(`a${'<u> </u>'.repeat(20_000)}`)).toEqual(['a']);
  });

  it.each([
    ['a <b>bold</b> and <em>slanted</em> word', ['a \x02bold\x02 and \x1dslanted\x1d word']],
    ['<u>u</u> <del>d</del> <code>c &lt;b&gt;</code>', ['\x1fu\x1f \x1ed\x1e \x11c <b>']],
    ['<span data-mx-color="#FF0000">red</span> not', ['\x0304red\x0f not']],
    [
      '<span data-mx-color="#c0ffee" data-mx-bg-color="#000000"><b>x</b></span>',
      ['\x02\x04c0ffee,000000x'],
    ],
    ['<span data-mx-spoiler="end">he <b>dies</b></span>!', ['(end) \x0301,01he \x02dies\x0f!']],
    ['<p>one\n two</p><p>three<br>four</p>', ['one two', 'three', 'four']],
    ['<blockquote><p>said</p><p>so</p></blockquote>no', ['> said', '> so', 'no']],
    ['<ul><li>a</li><li><p>b</p><p>c</p></li></ul>', ['• a', '• b', '  c']],
    ['<ol start="9"><li>a</li><li>b<ul><li>c</li></ul></li></ol>', ['9. a', '10. b', '    • c']],
    ['<pre><code>if (x) {\n  y\n\n}\n</code></pre>', ['\x11if (x) {', '\x11  y', '\x11}']],
    ['<h2>Head</h2>text<hr>more', ['\x02Head', 'text', '———', 'more']],
    [
      '<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>',
      ['\x02a\x02 | \x02b', 'c | d'],
    ],
    ['<a href="https://x.y/z">this</a>', ['this (https://x.y/z)']],
    ['<a href="https://x.y/z">https://x.y/z</a>', ['https://x.y/z']],
    ['<a href="https://x.y/z">x.y/z</a> <a href="mailto:a@b">a@b</a>', ['x.y/z a@b']],
    ['<a href="https://x.y/z"></a>', ['https://x.y/z']],
    ['<img src="mxc://a/b" alt=":cat:"> <img src="mxc://a/b">!', [':cat: !']],
    ['a\x02b\x00\u0007', ['ab']],
    ['<p> </p><br><blockquote> </blockquote>', []],
  ])('says %j', (html, lines) => {
    expect(linesOf(html)).toEqual(lines);
  });

  it('calls whoever is linked to by their nick, and does not say the address', () => {
    const pill = '<a href="https://matrix.to/#/@bob:x">Bob</a>';
    expect(linesOf(`${pill}: hi`, (label) => `${label}|`)).toEqual(['Bob|: hi']);
    expect(linesOf(`${pill} hi`)).toEqual(['Bob hi']);
  });
});
