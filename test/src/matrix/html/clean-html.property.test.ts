import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { describe, expect, it } from 'vitest';
import { cleanHtml } from '../../../../src/matrix/html/clean-html.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

const NAMES =
  'del h1 h2 h3 h4 h5 h6 blockquote p a ul ol sup sub li b i u strong em s code hr br div table thead tbody tr th td caption pre span img details summary';
const names = new Set(NAMES.split(' '));
/** What each attribute may say; `.*` where that is a text for people. */
const attributes: Readonly<Record<string, RegExp>> = {
  'span data-mx-color': /^#[0-9a-f]{6}$/i,
  'span data-mx-bg-color': /^#[0-9a-f]{6}$/i,
  'span data-mx-spoiler': /.*/s,
  'span data-mx-maths': /.*/s,
  'div data-mx-maths': /.*/s,
  'a href': /^(https?:\/\/|ftp:\/\/|mailto:|magnet:|matrix:)/i,
  'img src': /^mxc:\/\/[^/]+\/[\w-]+$/,
  'img alt': /.*/s,
  'img title': /.*/s,
  'img width': /^\d+$/,
  'img height': /^\d+$/,
  'ol start': /^-?\d+$/,
  'code class': /^language-\S+( language-\S+)*$/,
};

/** All that a browser makes of a piece of HTML. */
function* elements(node: Node): Iterable<Element> {
  if ('tagName' in node) yield node;
  if ('childNodes' in node) for (const child of node.childNodes) yield* elements(child);
}

function forbidden(html: string): readonly string[] {
  const tree = parseFragment(html);
  const all = [...elements(tree)];
  const said = all.flatMap(({ tagName, attrs }) =>
    attrs
      .filter(({ name, value }) => !attributes[`${tagName} ${name}`]?.test(value))
      .map(({ name, value }) => `${tagName} ${name}=${value}`),
  );
  return [...all.map(({ tagName }) => tagName).filter((name) => !names.has(name)), ...said];
}

/** Mostly those that act on one another. */
const name = fc.oneof(
  fc.constantFrom('p', 'div', 'x', 'span', 'b', 'a', 'li', 'ul', 'td', 'tr', 'mx-reply', 'script'),
  fc.constantFrom(
    ...names,
    ...['style', 'MX-REPLY', 'font', 'strike', 'svg', 'math', 'title', 'template', 'iframe'],
    ...['textarea', 'noscript', 'plaintext', 'select', 'form', 'body', 'image', 'IMG'],
  ),
);
const value = fc.oneof(
  fc.constantFrom('javascript:a()', 'https://a.test/', 'mxc://a/b', '#00ff00', 'language-a b', '1'),
  fc.constantFrom('"onclick="x', "' onclick='x", '"><script>x</script>', '&quot;&gt;<b>'),
  fc.string(),
);
const attribute = fc
  .tuple(
    fc.constantFrom(
      ...Object.keys(attributes).map((key) => key.split(' ')[1]),
      ...['onclick', 'style', 'xmlns', 'id'],
    ),
    fc.constantFrom('"', "'", ''),
    value,
  )
  .map(([key, quote, said]) => ` ${key}=${quote}${said}${quote}`);
const tag = fc
  .tuple(name, fc.array(attribute, { maxLength: 3 }))
  .map(([is, said]) => `<${is}${said.join('')}>`);
const broken = [
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<',
  '>',
  '"',
  '&lt;',
  '&#0;',
  '&amp',
  '/',
  '\n',
];
const piece = fc.oneof(
  { weight: 6, arbitrary: tag },
  { weight: 2, arbitrary: name.map((is) => `</${is}>`) },
  { weight: 1, arbitrary: fc.constantFrom(...broken) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);
const soup = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

describe('cleanHtml, of whatever it is given,', () => {
  const always = (check: (cleaned: string, html: string) => void) =>
    fc.assert(
      fc.property(soup, (html) => {
        check(cleanHtml(html)?.html ?? '', html);
      }),
      { numRuns: 3000 },
    );

  it('leaves nothing that is not permitted, as a browser reads it', () => {
    always((cleaned) => expect(forbidden(cleaned)).toEqual([]));
  });

  it('leaves nothing to clean', () => {
    always((cleaned) => expect(cleanHtml(cleaned)?.html).toBe(cleaned));
  });

  it('makes no markup of text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
        expect(cleanHtml(escaped)).toMatchObject({ words: text, isPlain: true });
      }),
    );
  });
});
