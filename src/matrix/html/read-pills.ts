import { Parser } from 'htmlparser2';
import type { MatrixUserId } from '../../model/matrix-ids.ts';
import type { MatrixMention } from '../../ports/matrix.ts';
import { isHidden } from './structure.ts';

/** Of whoever names more people than this only the first are looked for. */
const MOST = 100;

interface Pill {
  readonly userId: MatrixUserId;
  label: string;
}

/**
 * Where a text names the people whom its HTML links to. The same names come in the same order in both;
 * a client that writes no name into the text writes the id.
 */
export function mentionsIn(html: string | undefined, text: string): readonly MatrixMention[] {
  if (html === undefined || !/matrix(?:\.to|:)/i.test(html)) return [];
  const found: MatrixMention[] = [];
  let from = 0;
  for (const { userId, label } of pillsOf(html)) {
    const words = [`[${label}](${LINK}${userId})`, label, userId].filter((word) => word !== '');
    const word = words.find((one) => text.includes(one, from));
    if (word === undefined) continue;
    const start = text.indexOf(word, from);
    from = start + word.length;
    found.push({ start, end: from, userId });
  }
  return found;
}

/** @see https://spec.matrix.org/v1.18/appendices/#linking-to-entities */
const LINK = 'https://matrix.to/#/';

function pillsOf(html: string): readonly Pill[] {
  const pills: Pill[] = [];
  let open: Pill | undefined;
  let hidden = 0;
  const parser = new Parser({
    onopentag(name, { href }) {
      if (isHidden(name)) hidden += 1;
      const userId = name === 'a' && hidden === 0 ? userOf(href ?? '') : undefined;
      if (userId === undefined || pills.length === MOST) return;
      open = { userId, label: '' };
      pills.push(open);
    },
    ontext(text) {
      if (open) open.label += text;
    },
    onclosetag(name) {
      if (isHidden(name)) hidden -= 1;
      if (name === 'a') open = undefined;
    },
  });
  parser.end(html);
  return pills;
}

function userOf(href: string): MatrixUserId | undefined {
  const [, to, uri] =
    /^(?:https?:\/\/matrix\.to\/#\/(@[^?/]+|%40[^?/]+)|matrix:u\/([^?/]+))/i.exec(href) ?? [];
  const id = decoded(to ?? (uri === undefined ? '' : `@${uri}`));
  return id !== undefined && /^@[^:]+:./.test(id) ? (id as MatrixUserId) : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
