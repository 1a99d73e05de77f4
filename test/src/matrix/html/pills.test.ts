import { describe, expect, it } from 'vitest';
import { mentionsIn } from '../../../../src/matrix/html/read-pills.ts';
import { withPills } from '../../../../src/matrix/html/with-pills.ts';
import type { MatrixUserId } from '../../../../src/model/matrix-ids.ts';

const BOB = 'https://matrix.to/#/@bob:hs.test';
const at = (start: number, end: number, userId: MatrixUserId = '@bob:hs.test') => ({
  start,
  end,
  userId,
});

describe('mentionsIn', () => {
  it.each([
    ['Bob: hi', `<a href="${BOB}">Bob</a>: hi`],
    ['Bob hi', `<a href="https://matrix.to/#/%40bob%3Ahs.test?via=x">B<b>o</b>b</a> hi`],
    ['Bob hi', '<a href="matrix:u/bob:hs.test?action=chat">Bob</a> hi'],
    ['@bob:hs.test hi', `<a href="${BOB}">Bob</a> hi`],
    [`[Bob](${BOB}) hi`, `<a href="${BOB}">Bob</a> hi`],
    [
      'Bob & co',
      `<mx-reply><a href="https://matrix.to/#/@eve:x">Bob</a></mx-reply><a href="${BOB}">Bob</a> &amp; co`,
    ],
  ])('finds in “%s” whom its HTML links to', (text, html) => {
    const [found, ...others] = mentionsIn(html, text);
    expect(found?.userId).toBe('@bob:hs.test');
    expect(found?.start).toBe(0);
    expect(text.slice(found?.end)).toMatch(/^:? hi$|^ & co$/);
    expect(others).toEqual([]);
  });

  it('finds the same name again where it stands again', () => {
    const html = `Bob and <a href="${BOB}">Bob</a> and <a href="https://matrix.to/#/@bob:b">Bob</a>`;
    expect(mentionsIn(html, 'Bob and Bob and Bob').map(({ start }) => start)).toEqual([0, 8]);
  });

  it.each([
    ['Bob', undefined],
    ['Bob', 'Bob'],
    ['Bob', '<a href="https://matrix.to/#/!room:hs.test">Bob</a>'],
    ['Bob', '<a href="https://matrix.to/#/@bob">Bob</a>'],
    ['Bob', '<a href="https://matrix.to/#/%E0%A4%A">Bob</a>'],
    ['Bob', '<a href="https://evil.test/#/@bob:hs.test?matrix.to">Bob</a>'],
    ['nobody', `<a href="${BOB}">Bob</a>`],
  ])('finds nobody in “%s” with %s', (text, html) => {
    expect(mentionsIn(html, text)).toEqual([]);
  });
});

describe('withPills', () => {
  it('links to those who are named, in a text and in HTML that says the same', () => {
    const link = `<a href="${BOB}">bob</a>`;
    expect(withPills({ text: 'a<b\nbob!' }, [at(4, 7)]).html).toBe(`a&lt;b<br>${link}!`);
    expect(withPills({ text: 'a<b bob', html: '<b>a&lt;b</b> bob' }, [at(4, 7)]).html).toBe(
      `<b>a&lt;b</b> ${link}`,
    );
    expect(withPills({ text: 'x', html: '<b>x</b>' }, []).html).toBe('<b>x</b>');
  });

  it('leaves HTML as it is where the name is not in one piece, or elsewhere', () => {
    const split = { text: 'bob', html: 'b<b>ob</b>' };
    expect(withPills(split, [at(0, 3)])).toEqual(split);
    const other = { text: 'bob', html: '<b>Robert</b>' };
    expect(withPills(other, [at(0, 3)])).toEqual(other);
  });

  it('passes over what is not in the text, or in another mention', () => {
    const mentions = [at(0, 3), at(1, 2), at(2, 9), at(5, 4)];
    expect(withPills({ text: 'bobby' }, mentions).html).toBe(`<a href="${BOB}">bob</a>by`);
  });

  it('lets no id out of its link', () => {
    const { html } = withPills({ text: 'x' }, [at(0, 1, '@"><script>/?#:hs' as MatrixUserId)]);
    expect(html).toBe('<a href="https://matrix.to/#/@%22%3E%3Cscript%3E%2F%3F%23:hs">x</a>');
  });
});
