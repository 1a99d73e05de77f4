import type { MessageBody } from '../../model/message-body.ts';
import type { MatrixMention } from '../../ports/matrix.ts';
import { escapeAttribute, escapeText } from '../../util/escape.ts';

/** A tag, or text between tags, of HTML that is clean. */
type Piece = { readonly tag: string } | { readonly text: string };

/**
 * A body in whose HTML those who are mentioned are linked to, as clients show it.
 *
 * @param body with clean HTML, or none. What it says in HTML and not in the text stays without links,
 *   and so does a name with a tag in it.
 */
export function withPills(body: MessageBody, mentions: readonly MatrixMention[]): MessageBody {
  if (mentions.length === 0) return body;
  const { text, html } = body;
  if (html === undefined)
    return { ...body, html: linked(text, 0, mentions).replaceAll('\n', '<br>') };
  const pieces = piecesOf(html);
  if (pieces.map(wordsOf).join('') !== text) return body;
  let at = 0;
  const written = pieces.map((piece) => {
    const from = at;
    at += wordsOf(piece).length;
    return 'tag' in piece ? piece.tag : linked(piece.text, from, mentions);
  });
  return { ...body, html: written.join('') };
}

/** What of a text names somebody, as a link. @param from where in the whole text this one begins. */
function linked(text: string, from: number, mentions: readonly MatrixMention[]): string {
  let html = '';
  let done = 0;
  for (const { start, end, userId } of mentions) {
    const [first, last] = [start - from, end - from];
    if (first < done || last <= first || last > text.length) continue;
    const label = escapeText(text.slice(first, last));
    html += `${escapeText(text.slice(done, first))}<a href="${linkTo(userId)}">${label}</a>`;
    done = last;
  }
  return html + escapeText(text.slice(done));
}

const linkTo = (userId: string): string =>
  escapeAttribute(
    `https://matrix.to/#/${encodeURIComponent(userId).replaceAll('%40', '@').replaceAll('%3A', ':')}`,
  );

/** In clean HTML there is no `<` or `>` but of tags, and no other entity. */
function piecesOf(html: string): readonly Piece[] {
  const pieces = html.match(/<[^>]*>|[^<]+/g) ?? [];
  return pieces.map((piece) =>
    piece.startsWith('<') ? { tag: piece } : { text: unescaped(piece) },
  );
}

const unescaped = (html: string): string =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const wordsOf = (piece: Piece): string =>
  'text' in piece ? piece.text : piece.tag === '<br>' ? '\n' : '';
