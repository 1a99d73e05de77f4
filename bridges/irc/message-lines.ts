import type { MatrixAction, MessageBody } from '#adapter';
import type { ClientTags } from './client-tags.ts';
import { codedPieces, type Formatting } from './codes.ts';
import { styledLines } from './format.ts';
import { linesOfHtml } from './html-lines.ts';
import { targetOf } from './ids.ts';
import { PLAIN, RESET, type Run, withoutLooks } from './looks.ts';
import { type Named, nicksByLabel, withNicks } from './mentions.ts';
import { type Self, textRoomBytes } from './to-remote.ts';
import { buildLine, type Line } from './wire/line.ts';
import { CONCAT, fits, type MultilineLimits } from './wire/multiline.ts';
import { sizeBytes } from './wire/split.ts';

/** How a message is put, and what people are called in it. */
export interface Calling {
  /** What somebody who is named in it is called on IRC. `undefined`: nothing now, so the text stays as it is. */
  readonly nickOf?: (who: Named) => string | undefined;
  /** What stands before each line, where the voice is not the speaker's own. */
  readonly name?: string;
  readonly formatting?: Formatting;
  /** What stands before the first line: what it answers. */
  readonly quote?: string;
  /** For the first line. */
  readonly tags?: ClientTags;
  /** What the server takes as one message of several lines. Absent: it takes none. */
  readonly multiline?: MultilineLimits | undefined;
}

type Said = Pick<MatrixAction<'message'>, 'chat' | 'body'>;

/**
 * A message as lines, each short enough that the server, which puts the sender before it, cuts
 * nothing off.
 *
 * The nick is counted at its longest, as it may change before the line is sent.
 */
export function messageLines(said: Said, self: Self, calling: Calling = {}): readonly string[] {
  const pieces = piecesOf(said, self, calling).flat();
  return pieces.map((piece, n) => lineOf(said, piece, n === 0 ? calling.tags : {}));
}

/** The same in the parts in which it is sent: a line each, or all as one where the server takes that. */
export function messageParts(said: Said, self: Self, calling: Calling): readonly string[] {
  const { multiline, name = '' } = calling;
  // In a relay's words each line says whose it is, as some see them one by one.
  const isOne = multiline !== undefined && name === '' && said.body.as !== 'emote';
  const lines = isOne ? linesAsOne(said, self, calling) : [];
  if (lines.length > 1 && multiline && fits(lines, multiline))
    return [
      lines
        .map(({ command, params, tags }) => buildLine(command, params, Object.fromEntries(tags)))
        .join('\n'),
    ];
  return messageLines(said, self, calling);
}

function linesAsOne(said: Said, self: Self, calling: Calling): readonly Line[] {
  const command = commandOf(said.body);
  const params = (text: string) => [targetOf(said.chat), text];
  const lines = piecesOf(said, self, calling, sizeBytes(RESET)).map((pieces) =>
    pieces.map((piece, n): Line => {
      const before = pieces[n - 1];
      const tags = new Map(before === undefined ? [] : [[CONCAT, '']]);
      return { command, params: params(continued(before, piece)), tags };
    }),
  );
  const [first, ...rest] = lines.flat();
  const tags = new Map(Object.entries(calling.tags ?? {}));
  return first ? [{ ...first, tags }, ...rest] : [];
}

/** Where a piece goes on from another, what that has turned on would be turned off. */
const continued = (before: string | undefined, piece: string): string =>
  before !== undefined && withoutLooks(before) !== before ? RESET + piece : piece;

/** Of each line. */
function piecesOf(
  { chat, body }: Said,
  self: Self,
  { nickOf = () => undefined, name = '', formatting = 'numbers', quote = '' }: Calling,
  spareBytes = 0,
): readonly (readonly string[])[] {
  const named = formatting === 'none' ? withoutLooks(name) : name;
  const wrap = body.as === 'emote' && name === '' ? asAction : (text: string) => named + text;
  const around = sizeBytes(wrap('')) + spareBytes;
  const roomBytes = textRoomBytes(commandOf(body), targetOf(chat), self) - around;
  return after(quote, linesOf(body, nickOf)).map((line) =>
    codedPieces(line, roomBytes, formatting).map(wrap),
  );
}

const commandOf = ({ as }: MessageBody) => (as === 'notice' ? 'NOTICE' : 'PRIVMSG');

const lineOf = ({ chat, body }: Said, text: string, tags: ClientTags = {}): string =>
  buildLine(commandOf(body), [targetOf(chat), text], tags);

const asAction = (text: string) => `\x01ACTION ${text}\x01`;

function after(quote: string, [first, ...rest]: readonly (readonly Run[])[]) {
  if (!first || quote === '') return first ? [first, ...rest] : [];
  return [[{ text: quote, look: PLAIN }, ...first], ...rest];
}

/** By its HTML, if that says anything that can be written: a picture alone cannot. */
function linesOf(body: MessageBody, nickOf: NonNullable<Calling['nickOf']>) {
  const lines = body.html === undefined ? [] : linesOfHtml(body.html, nicksByLabel(body, nickOf));
  return lines.length > 0 ? lines : styledLines(withNicks(body, nickOf));
}
