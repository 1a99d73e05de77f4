import { BridgeError, type MatrixAction } from '#adapter';
import { linesOf } from './format.ts';
import type { Words } from './wire.ts';

type Body = MatrixAction<'message'>['body'];
type Said = Words & { readonly replyTo?: string };

/** What becomes of one line of an edited message. Without words: it goes. */
export type EditedLine = Partial<Words> & { readonly id: string };

/** What is said for a message, line by line. The first one says what it answers. */
export function toMessages(
  { body, replyTo }: MatrixAction<'message'>,
  maxLineBytes: number | undefined,
): readonly Said[] {
  return toWords(body, maxLineBytes).map((words, line) => ({
    ...words,
    ...(line === 0 && replyTo && { replyTo }),
  }));
}

/** Line by line: there is no putting one more between what others have said meanwhile. */
export function toEdits(
  { target, body }: MatrixAction<'edit'>,
  maxLineBytes: number | undefined,
): readonly EditedLine[] {
  const lines = toWords(body, maxLineBytes);
  if (lines.length > target.length)
    throw new BridgeError('too_large', 'more lines than before', { effect: 'none' });
  return target.map((id, line) => ({ id, ...lines[line] }));
}

/** A cut through the HTML would break it, so what is too long is said plainly. */
function toWords({ text, html, as }: Body, maxLineBytes?: number): readonly Words[] {
  const style = as && { style: as };
  const lines = linesOf(text, maxLineBytes);
  if (lines.length > 1) return lines.map((line) => ({ text: line, ...style }));
  return [{ text, ...(html !== undefined && { html }), ...style }];
}

export const toWire = (value: object): Uint8Array => Buffer.from(JSON.stringify(value));

/** What `toWire` made. */
export const fromWire = <T extends object>(wire: Uint8Array | undefined): T =>
  JSON.parse(Buffer.from(wire ?? []).toString());
