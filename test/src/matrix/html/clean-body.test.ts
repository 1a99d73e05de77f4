import { describe, expect, it } from 'vitest';
import { withCleanHtml } from '../../../../src/matrix/html/clean-body.ts';

const htmlOf = (text: string, html: string) => withCleanHtml({ text, html }).html;

describe('withCleanHtml', () => {
  it.each([
    ['hi', '<b>hi</b>', '<b>hi</b>'],
    ['', 'hi', 'hi'],
    ['hello', 'hi', 'hi'],
    ['x', '<img src="mxc://a/b">', '<img src="mxc://a/b">'],
    ['---', '<hr>', '<hr>'],
    ['hi', '<b onclick="x">hi</b><script>x</script>', '<b>hi</b>'],
  ])('of %j keeps %j', (text, html, expected) => {
    expect(withCleanHtml({ text, html, as: 'notice' })).toEqual({
      text,
      html: expected,
      as: 'notice',
    });
  });

  it.each([
    ['hi', 'hi'],
    ['hi', '<p>hi</p>\n'],
    ['a\n\nb  c', '<p>a</p><p>b c</p>'],
    ['a\nb', 'a<br />b'],
    ['a < "b" & c', 'a &lt; &quot;b&quot; &amp; c'],
    ['hi', '<font color="red">hi</font>'],
    ['hi', '<mx-reply>what it answers</mx-reply>hi'],
    ['hi', '<script>alert(1)</script>'],
    ['hi', '<b> </b><br>'],
    ['hi', ''],
    ['', ''],
    ['hi', '<b>'.repeat(200)],
  ])('drops what says no more than the text %j: %j', (text, html) => {
    expect(withCleanHtml({ text, html })).toEqual({ text });
  });

  it('leaves the text alone, whatever stands in it', () => {
    const text = '<b>&amp;</b>\n<script>';
    expect(withCleanHtml({ text })).toEqual({ text });
    expect(htmlOf(text, '<i>x</i>')).toBe('<i>x</i>');
    expect(withCleanHtml({ text, html: '<i>x</i>' }).text).toBe(text);
  });
});
