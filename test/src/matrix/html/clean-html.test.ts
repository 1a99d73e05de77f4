import { describe, expect, it } from 'vitest';
import { cleanHtml } from '../../../../src/matrix/html/clean-html.ts';

const clean = (html: string) => cleanHtml(html)?.html;
const nested = (depth: number) => `${'<b>'.repeat(depth)}x${'</b>'.repeat(depth)}`;

describe('cleanHtml', () => {
  it.each([
    ['text', 'a &lt; b &amp; "c"'],
    [
      'each permitted tag',
      '<del>1</del><h6>2</h6><u>3</u><s>4</s><sup>5</sup><sub>6</sub><hr><br>',
    ],
    ['nested lists', '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>'],
    ['where a list begins to count', '<ol start="-7"><li>a</li></ol>'],
    [
      'a table',
      '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>',
    ],
    ['the language of code', '<pre><code class="language-c++">a</code></pre>'],
    ['a spoiler', '<span data-mx-spoiler>a</span><span data-mx-spoiler="why">b</span>'],
    ['colours', '<span data-mx-color="#ff00AA" data-mx-bg-color="#000000">a</span>'],
    ['formulas', '<div data-mx-maths="a &amp; b"><code>a</code></div>'],
    ['what can be unfolded', '<details><summary>a</summary>b</details>'],
    [
      'a picture',
      '<img src="mxc://hs.test/aB-_9" alt="a &quot;cat&quot;" title="t" width="32" height="32">',
    ],
    [
      'links',
      '<a href="https://a.test/?b&amp;c">1</a><a href="mailto:a@b.test">2</a><a href="magnet:?x">3</a>',
    ],
    [
      'whoever is mentioned',
      '<a href="https://matrix.to/#/%40ann%3Ahs.test">Ann</a><a href="matrix:u/ann:hs.test">Ann</a>',
    ],
  ])('leaves %s as it is', (_, html) => {
    expect(clean(html)).toBe(html);
  });

  it.each([
    [
      'tags that are not listed',
      '<blink>a</blink><form>b</form><!-- c --><!DOCTYPE d><?e?>f',
      'abf',
    ],
    [
      'what is no text',
      'a<script>b</script><STYLE>c</style ><title>d</title><iframe>e</iframe>f',
      'af',
    ],
    ['a script that never ends', 'a<script>b</scrip></b>', 'a'],
    ['what a template holds', 'a<template><p>b</p></template>c', 'ac'],
    ['handlers and styles', '<b onclick="a()" style="b" class="c" id="d">e</b>', '<b>e</b>'],
    [
      'colours that are none',
      '<span data-mx-color="red;x:y" data-mx-spoiler>a</span>',
      '<span data-mx-spoiler>a</span>',
    ],
    [
      'classes that name no language',
      '<code class="x language-js hljs">a</code>',
      '<code class="language-js">a</code>',
    ],
    ['a beginning that is no number', '<ol start="1e9"><li>a</li></ol>', '<ol><li>a</li></ol>'],
    [
      'a size that is no number',
      '<img src="mxc://a/b" width="9999999" height="10%">',
      '<img src="mxc://a/b">',
    ],
    ['a span that says nothing', '<span class="x">a</span>', 'a'],
    [
      'attributes given twice',
      '<a href="https://a" href="javascript:b">c</a>',
      '<a href="https://a">c</a>',
    ],
  ])('drops %s', (_, html, expected) => {
    expect(clean(html)).toBe(expected);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '&#106;avascript&colon;alert(1)',
    ' \u0001javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//elsewhere.test',
    'https:elsewhere.test',
    '/path',
    'path',
    '#part',
    '',
  ])('leaves of a link to %j the words', (href) => {
    expect(clean(`<a href="${href}">words</a>`)).toBe('words');
  });

  it.each(['https://a.test/b.png', 'data:image/png;base64,x', 'mxc://a', 'mxc://a/b/../c', ''])(
    'leaves of a picture from %j the words that stand for it',
    (src) => {
      expect(clean(`a<img src="${src}" alt="<cat>" onerror=x>b`)).toBe('a&lt;cat&gt;b');
    },
  );

  it.each([
    ['closed', '<mx-reply><blockquote>one</blockquote></mx-reply>two', 'two'],
    ['in capitals', '<MX-Reply a="b">one</mX-rEPLY >two', 'two'],
    ['nested', '<mx-reply>a<mx-reply>b</mx-reply>c</mx-reply>d', 'd'],
    ['within others', '<p><b>a<mx-reply>b</mx-reply>c</b></p>', '<p><b>ac</b></p>'],
    ['come again', '<mx-reply>a</mx-reply>b<mx-reply>c</mx-reply>d', 'bd'],
    ['with what is not closed in it', '<mx-reply><b><i>a</mx-reply>b', 'b'],
    ['never closed', 'a<mx-reply>b<p>c', 'a'],
  ])('drops the copy of an answered message, %s', (_, html, expected) => {
    expect(clean(html)).toBe(expected);
  });

  it.each([
    ['never closed', '<b>a<i>b', '<b>a<i>b</i></b>'],
    ['closed in the wrong order', '<b>a<i>b</b>c</i>', '<b>a<i>b</i></b>c'],
    ['never opened', 'a</b></td>b', 'ab'],
    ['in capitals', '<B>a</b>', '<b>a</b>'],
    ['with a slash', '<br/><b/>a', '<br><b>a</b>'],
    [
      'of which one ends the other',
      '<p>a<p>b<ul><li>c<li>d</ul>',
      '<p>a</p><p>b</p><ul><li>c</li><li>d</li></ul>',
    ],
    ['with an unknown one between', '<p>a<x><div>b</div></x></p>', '<p>a</p><div>b</div>'],
    [
      'of lists and tables, with unknown ones between',
      '<ul><li>a<x><li>b</ul><table><tr><td>c<x><td>d<x><tr><td>e',
      '<ul><li>a</li><li>b</li></ul><table><tr><td>c</td><td>d</td></tr><tr><td>e</td></tr></table>',
    ],
    [
      'of old',
      '<strike>a</strike><font color="red" data-mx-color="#ff0000">b</font>',
      '<del>a</del><span data-mx-color="#ff0000">b</span>',
    ],
    [
      'equal, of which only one stays',
      '<span data-mx-spoiler>a<span>b</span>c</span>d',
      '<span data-mx-spoiler>abc</span>d',
    ],
  ])('puts tags in order that are %s', (_, html, expected) => {
    expect(clean(html)).toBe(expected);
  });

  it('takes what is nested 100 deep, and nothing deeper: that is no HTML of Matrix', () => {
    expect(clean(nested(100))).toBe(nested(100));
    expect(clean(nested(101))).toBeUndefined();
    expect(clean('<x>'.repeat(101))).toBeUndefined();
  });

  const many = (part: string) => part.repeat(Math.floor(524_288 / part.length));
  const half = (part: string) => part.repeat(Math.floor(262_144 / part.length));
  it.each([
    ['opened', many('<b>')],
    ['opened, and others closed', half('<i>') + half('</b>')],
    ['closed', many('</mx-reply>')],
    ['ended by the next', many('<p>')],
    ['torn apart', `<p>${'<b a=1>'.repeat(90)}${half('</p><p>x')}`],
    [
      'with many attributes',
      `<a ${Array.from({ length: 64_000 }, (_, n) => `a${n}=1`).join(' ')}>`,
    ],
    ['begun', many('<')],
    ['begun and named', many('<a ')],
    ['of tables', many('<table><tr><td>')],
    ['of drawings', many('<svg>')],
    ['that are comments', many('<!--')],
    ['that are entities', many('&')],
    ['that are numbers', many('&#')],
    ['that almost end a script', `<script>${many('</scrip')}`],
    ['of spaces', `<a href="${' '.repeat(520_000)}">x</a>`],
    ['of classes', `<code class="${many('language- ')}">x</code>`],
  ])('reads 512 KiB of tags %s in a time that grows no faster than they do', (_, html) => {
    const start = process.cpuUsage();
    const cleaned = clean(html) ?? '';
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(2000);
    expect(cleaned.length).toBeLessThanOrEqual(5 * html.length + 1000);
  });
});
