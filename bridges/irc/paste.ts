import type { Host, MessageBody, StateChange } from '#adapter';
import { rawLines } from './format.ts';
import { splitText } from './wire/split.ts';

/** What is too long to be said. */
export interface Pasting {
  /** More than so many lines. */
  readonly lines: number;
  /** Absent: everything must be said. */
  readonly publish: Host<unknown>['publish'];
}

const BEGINNING_BYTES = 80;

/** What is said of a text that is shown elsewhere, and what is to be on disk then. */
export function pasted(
  { text, as }: MessageBody,
  count: number,
  publish: NonNullable<Pasting['publish']>,
): { readonly body: MessageBody; readonly save: StateChange } {
  const { url, save } = publish(text);
  const first = rawLines(text).find((line) => line.trim() !== '') ?? '';
  const [beginning = ''] = splitText(first.trim(), BEGINNING_BYTES);
  const said = `${beginning.trimEnd()}… (${count} lines: ${url} )`;
  return { body: { text: said, ...(as && { as }) }, save };
}
