import { BridgeError, type BridgeErrorCode } from '../adapter/errors.ts';
import { AskedWrongly } from '../operator/door.ts';
import { type MatrixContent, MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import { escapeText } from '../util/escape.ts';

/** What the bot says to a command: plain words, or words with a form. */
export type Answer = string | { readonly text: string; readonly html: string };

/** Columns of a table stay below each other. */
export function preformatted(lines: readonly string[]): Answer {
  const text = lines.join('\n');
  return { text, html: `<pre><code>${escapeText(text)}</code></pre>` };
}

/** As a notice, in answer to what was said. */
export const answerContent = ({ id }: MatrixEvent, answer: Answer): MatrixContent => ({
  kind: 'message',
  body: { ...(typeof answer === 'string' ? { text: answer } : answer), as: 'notice' },
  replyTo: id,
});

/** Where it is clear what to do about it. */
const reasons: { readonly [Code in BridgeErrorCode]?: string } = {
  unreachable: 'This could not be done: the network cannot be reached. Try again later.',
  rate_limited: 'This could not be done: too much is asked of the network. Try again in a while.',
};

/** What could not be done is said; what must wait for the homeserver is tried again by the room's lane. */
export function inWords(error: unknown): string {
  if (error instanceof BridgeError && error.effect === 'unknown')
    return `Nobody knows whether this was done: the network says “${error.code}”. Say it again if it was not.`;
  if (error instanceof BridgeError && error.words !== undefined)
    return `This could not be done: ${error.words}.`;
  if (error instanceof BridgeError)
    return (
      reasons[error.code] ??
      `This could not be done: the network says “${error.code}”. Try again later, or ask whoever runs the bridge.`
    );
  if (error instanceof AskedWrongly) return `This could not be done: ${error.message}.`;
  if (error instanceof MatrixError && error.kind === 'refused')
    return `This could not be done: the homeserver says “${error.errcode ?? error.status}”. Is the bot in the room, and may it do this?`;
  throw error;
}
