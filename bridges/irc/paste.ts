import type { MessageBody } from '#adapter';
import { rawLines } from './format.ts';
import { splitText } from './wire/split.ts';

const BEGINNING_BYTES = 80;

/** What is said of a text that is shown elsewhere. */
export function pasted({ text, as }: MessageBody, count: number, link: string): MessageBody {
  const first = rawLines(text).find((line) => line.trim() !== '') ?? '';
  const [beginning = ''] = splitText(first.trim(), BEGINNING_BYTES);
  const said = `${beginning.trimEnd()}… (${count} lines: ${link} )`;
  return { text: said, ...(as && { as }) };
}
