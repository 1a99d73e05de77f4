/** A tag that has no end. */
export const isVoid = (name: string): boolean => name === 'br' || name === 'hr' || name === 'img';

/** A tag that only says where a line or a paragraph ends. */
export const isBreak = (name: string): boolean => name === 'br' || name === 'p' || name === 'div';

const hidden: ReadonlySet<string> = new Set([
  ...['script', 'style', 'title', 'template', 'iframe', 'noembed', 'noframes'],
  // The copy of an answered message.
  'mx-reply',
]);

/** A tag whose content is not for readers. */
export const isHidden = (name: string): boolean => hidden.has(name);

const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const;
const cells = ['th', 'td'] as const;
const sections = ['thead', 'tbody', 'tr', ...cells] as const;

/** For each tag those that it ends where they stand directly around it: all that HTML lets one leave open. */
const ends: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...headings.map((name) => [name, [...headings, 'p']] as const),
  ...['p', 'blockquote', 'details', 'div', 'hr', 'ol', 'pre', 'table', 'ul'].map(
    (name) => [name, ['p']] as const,
  ),
  ...cells.map((name) => [name, ['thead', ...cells]] as const),
  ['tr', ['tr', ...cells]],
  ['thead', sections],
  ['tbody', sections],
  ['li', ['li']],
  ['a', ['a']],
]);

export const endsTag = (name: string, open: string): boolean =>
  ends.get(name)?.includes(open) ?? false;
