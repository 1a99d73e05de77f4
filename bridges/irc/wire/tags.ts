/** @see https://ircv3.net/specs/extensions/message-tags (escaping values) */
const ESCAPES: Readonly<Record<string, string>> = {
  ';': '\\:',
  ' ': '\\s',
  '\\': '\\\\',
  '\r': '\\r',
  '\n': '\\n',
};
const UNESCAPES: Readonly<Record<string, string>> = { ':': ';', s: ' ', r: '\r', n: '\n' };

export function escapeTag(value: string): string {
  return value.replace(/[; \\\r\n]/g, (char) => ESCAPES[char] ?? char);
}

/** A backslash before any other character, or at the end, is dropped. */
export function unescapeTag(value: string): string {
  return value.replace(/\\(.?)/gs, (_, char: string) => UNESCAPES[char] ?? char);
}

/** Of a name given twice the last one counts. */
export function parseTags(raw: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of raw.split(';')) {
    const at = tag.indexOf('=');
    const name = at < 0 ? tag : tag.slice(0, at);
    if (name !== '') tags.set(name, at < 0 ? '' : unescapeTag(tag.slice(at + 1)));
  }
  return tags;
}
