/** What somebody may do, in terms of both configs. */
export type Allowed = Readonly<Record<string, 'none' | 'use' | 'admin'>>;

/**
 * A regular expression on user ids as a mask (`*` any text, `?` any letter). `undefined`: a mask cannot say it.
 *
 * It is looked for anywhere in the id, so without its anchors there may be anything around it. Only where it
 * begins with the `@`, which is nowhere else in an id, nothing stands before.
 */
export function maskOf(regex: string): string | undefined {
  const [, start, middle = '', end] = /^(\^?)(.*?)(\$?)$/s.exec(regex) ?? [];
  let mask = '';
  const rest = middle.replace(/\.\*|\.|\\[.\-_=/:@]|[A-Za-z0-9@:_=/-]/gy, (token) => {
    mask += token === '.*' ? '*' : token === '.' ? '?' : token.replace('\\', '');
    return '';
  });
  if (rest !== '' || mask === '') return undefined;
  const before = start || mask.startsWith('@') || mask.startsWith('*') ? '' : '*';
  const after = end || mask.endsWith('*') ? '' : '*';
  const whole = `${before}${mask}${after}`;
  return whole.startsWith('@') && whole.includes(':') ? whole : undefined;
}
