/*
 * Messages of several lines, as one: https://ircv3.net/specs/extensions/multiline
 */

import type { Caps } from './caps.ts';
import { buildLine, type Line } from './line.ts';
import { sizeBytes } from './split.ts';

export const MULTILINE = 'draft/multiline';
/** The line goes on where the one before has ended. */
export const CONCAT = 'draft/multiline-concat';

/** What a server takes as one message. */
export interface MultilineLimits {
  readonly bytes: number;
  readonly lines: number;
}

/** `undefined`: it takes none. */
export function multilineLimits({ on, values }: Caps): MultilineLimits | undefined {
  if (!on.has(MULTILINE) || !on.has('batch')) return undefined;
  const told = new Map(
    (values.get(MULTILINE) ?? '').split(',').map((token) => {
      const [name = '', value] = token.split('=');
      return [name, Number(value)] as const;
    }),
  );
  const bytes = told.get('max-bytes');
  return bytes ? { bytes, lines: told.get('max-lines') || Number.POSITIVE_INFINITY } : undefined;
}

/** The words of all lines as one text. */
export const joinedText = (lines: readonly Line[]): string =>
  lines.reduce((text, { tags, params: [, words = ''] }, n) => {
    const between = n === 0 || tags.has(CONCAT) ? '' : '\n';
    return text + between + words;
  }, '');

export const fits = (lines: readonly Line[], limits: MultilineLimits): boolean =>
  lines.length <= limits.lines && sizeBytes(joinedText(lines)) <= limits.bytes;

/** As they are written. @param tags of the whole. */
export function batchOf(
  lines: readonly Line[],
  ref: string,
  tags: Readonly<Record<string, string>>,
): readonly string[] {
  const target = lines[0]?.params[0] ?? '';
  const within = ({ command, params, tags: own }: Line) =>
    buildLine(command, params, { batch: ref, ...(own.has(CONCAT) && { [CONCAT]: '' }) });
  return [
    buildLine('BATCH', [`+${ref}`, MULTILINE, target], tags),
    ...lines.map(within),
    buildLine('BATCH', [`-${ref}`]),
  ];
}
