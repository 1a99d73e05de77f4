/** What of an attribute's value may stand. `undefined`: the attribute goes. */
type Check = (value: string) => string | undefined;

const anything: Check = (value) => value;
const like =
  (pattern: RegExp): Check =>
  (value) =>
    pattern.test(value) ? value : undefined;

const colour = like(/^#[0-9a-f]{6}$/i);
const size = like(/^\d{1,4}$/);
/** Of a scheme that means elsewhere: `https:x` would be a place on the reader's own page. */
const address = like(/^(?:(?:https?|ftp):\/\/|mailto:|magnet:|matrix:)/i);
const languages: Check = (value) => {
  const named = value.split(/\s+/).filter((name) => /^language-./.test(name));
  return named.length === 0 ? undefined : named.join(' ');
};

const names: ReadonlySet<string> = new Set([
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'p', 'div', 'pre', 'hr', 'br'],
  ...['b', 'strong', 'i', 'em', 'u', 's', 'del', 'sup', 'sub', 'code', 'span', 'a', 'img'],
  ...['ul', 'ol', 'li', 'table', 'caption', 'thead', 'tbody', 'tr', 'th', 'td'],
  ...['details', 'summary'],
]);

/** The spec's `target` is not here: where a page is opened is no part of what was said. */
const checks: Readonly<Record<string, readonly (readonly [string, Check])[]>> = {
  span: [
    ['data-mx-color', colour],
    ['data-mx-bg-color', colour],
    ['data-mx-spoiler', anything],
    ['data-mx-maths', anything],
  ],
  div: [['data-mx-maths', anything]],
  a: [['href', address]],
  img: [
    ['src', like(/^mxc:\/\/[^\s/?#]+\/[\w-]+$/)],
    ['alt', anything],
    ['title', anything],
    ['width', size],
    ['height', size],
  ],
  ol: [['start', like(/^-?\d{1,9}$/)]],
  code: [['class', languages]],
};

/** Tags of old messages, by the names that they have now. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['strike', 'del'],
  ['font', 'span'],
]);

export interface Tag {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
}

/**
 * What Matrix permits of a tag. `undefined`: nothing, or what is left would say nothing.
 *
 * @see https://spec.matrix.org/v1.18/client-server-api/#mroommessage-msgtypes
 */
export function permitted(
  given: string,
  attributes: Readonly<Record<string, string>>,
): Tag | undefined {
  const name = renamed.get(given) ?? given;
  if (!names.has(name)) return undefined;
  const kept = (checks[name] ?? []).flatMap(([key, check]) => {
    const value = attributes[key] === undefined ? undefined : check(attributes[key]);
    return value === undefined ? [] : [[key, value] as const];
  });
  return saysNothing(name, kept) ? undefined : { name, attributes: kept };
}

function saysNothing(name: string, [first]: Tag['attributes']): boolean {
  if (name === 'img') return first?.[0] !== 'src';
  return first === undefined && (name === 'a' || name === 'span');
}
