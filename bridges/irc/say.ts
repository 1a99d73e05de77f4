import {
  BridgeError,
  type Encoded,
  type Handler,
  type MatrixAction,
  type Part,
  type RemoteChatId,
  type RemoteMessageId,
  type Sent,
} from '#adapter';
import { messageIdOf } from './ids.ts';
import type { Refusal } from './joins.ts';
import { withoutLooks } from './looks.ts';
import { type Calling, messageParts } from './message-lines.ts';
import { OwnWords } from './own-words.ts';
import { pasted } from './paste.ts';
import { type Answer, put } from './put.ts';
import type { Quoted } from './quotes.ts';
import type { Self } from './to-remote.ts';
import { type Connection, Unanswered } from './wire/connection.ts';
import { BadLine, type Line, parseLine } from './wire/line.ts';

/** What speaks: a connection, as long as it stands. */
export interface Mouth {
  /** @throws {BridgeError} `unreachable`, with effect `none`. */
  connection(): Connection;
  /** What is known of it, standing or not. */
  readonly self: Self;
  /** Resolves once no connection that we hold for cut can do anything any more. @throws {BridgeError} */
  othersAreGone(signal: AbortSignal): Promise<void>;
  /** How things are put in a chat, beside what they answer. */
  calling(chat: RemoteChatId, answers?: RemoteMessageId): Calling;
  /** Whether a client-only tag reaches those who hear it. */
  passes(tag: string): boolean;
  /** What has more is shown elsewhere, where it can be. */
  readonly pasteLines: number;
  /** Whether the server has a capability. */
  has(capability: string): boolean;
  /** What was said there not long ago. */
  said(chat: RemoteChatId, id: RemoteMessageId): Quoted | undefined;
  /** The channel takes no codes. */
  refusesCodes(chat: RemoteChatId): void;
  /** Whether it arrived, as far as anybody can know. */
  lookup(part: Sought, signal: AbortSignal): Promise<Sent | 'absent' | 'cannot-tell'>;
}

/** A line of ours of which it is not known whether it arrived. */
export interface Sought extends Pick<Part<'message'>, 'key' | 'firstTriedAtMs'> {
  readonly chat: RemoteChatId;
  /** Whether it has words, so that the history of a channel has it too. */
  readonly hasWords: boolean;
}

/** What stands before each line of a message. */
export type NameOf = (said: Pick<MatrixAction<'message'>, 'speaker' | 'body'>) => string;

/** Says a message, a line at a time. */
export class Say implements Handler<'message'> {
  readonly words = new OwnWords();
  private readonly mouth: Mouth;
  private readonly nameOf: NameOf;

  constructor(mouth: Mouth, nameOf: NameOf = () => '') {
    this.mouth = mouth;
    this.nameOf = nameOf;
  }

  encode(action: MatrixAction<'message'>): Promise<Encoded> {
    return this.encodeMarked(action);
  }

  /** @param mark stands before the first line, instead of what it answers. */
  async encodeMarked(action: MatrixAction<'message'>, mark?: string): Promise<Encoded> {
    try {
      const { mouth, nameOf } = this;
      const said = mouth.calling(action.chat, action.replyTo);
      const quote = mark ?? (action.body.as === 'emote' ? '' : (said.quote ?? ''));
      const calling = { ...said, quote, name: nameOf(action) };
      const parts = messageParts(action, mouth.self, calling);
      const { link } = action;
      if (parts.length <= mouth.pasteLines || link === undefined) return encoded(parts);
      const body = pasted(action.body, parts.length, link);
      return encoded(messageParts({ ...action, body }, mouth.self, calling));
    } catch (error) {
      throw failureOfAsk(error);
    }
  }

  async send(part: Part<'message'>, signal: AbortSignal): Promise<Sent> {
    const connection = this.mouth.connection();
    try {
      const sent = sentBy(await this.putAsTaken(connection, part, signal));
      this.words.said(sent.ids, part.action.body.text);
      return sent;
    } catch (error) {
      throw failureOfAsk(error);
    }
  }

  /** Where a line with codes is refused, it is put without them: nobody has seen it. */
  private async putAsTaken(connection: Connection, part: Part<'message'>, signal: AbortSignal) {
    const lines = linesIn(part.wire);
    const answer = await put(connection, lines, { key: part.key, signal });
    const bare = lines.map((line) => ({ ...line, params: line.params.map(withoutLooks) }));
    const hasCodes = bare.some(({ params }, n) => params[1] !== lines[n]?.params[1]);
    if (!isNo(answer) || !hasCodes) return answer;
    const bareAnswer = await put(connection, bare, { key: part.key, signal });
    if (!isNo(bareAnswer)) this.mouth.refusesCodes(part.action.chat);
    return bareAnswer;
  }

  lookup(part: Part<'message'>, signal: AbortSignal): Promise<Sent | 'absent' | 'cannot-tell'> {
    return this.mouth.lookup(soughtIn(part), signal);
  }
}

const encoded = (parts: readonly string[]) => ({ parts: parts.map((part) => Buffer.from(part)) });

/** Puts one line, as it was encoded. */
export async function sendLine(
  mouth: Mouth,
  { key, wire }: Pick<Part<'message'>, 'key' | 'wire'>,
  signal: AbortSignal,
): Promise<Sent> {
  const connection = mouth.connection();
  try {
    return sentBy(await put(connection, linesIn(wire), { key, signal }));
  } catch (error) {
    throw failureOfAsk(error);
  }
}

export const soughtIn = ({
  key,
  firstTriedAtMs,
  action,
  wire,
}: Part<'message' | 'reaction' | 'removal'>): Sought => ({
  ...{ key, firstTriedAtMs, chat: action.chat },
  hasWords: linesIn(wire).every(({ params }) => params.length > 1),
});

/** @throws {BridgeError} for a refusal. */
export function sentBy(answer: Answer): Sent {
  if (answer === 'done') return { ids: [] };
  if (!('line' in answer)) throw refused(answer);
  return { ids: answer.line.tags.has('msgid') ? [messageIdOf(answer.line)] : [] };
}

/** What servers say of a line with codes where none may be (`+c`), and of whoever may not speak. */
const isNo = (answer: Answer) => answer !== 'done' && 'code' in answer && answer.code === '404';

/** How many each that we say has. */
const PARAMS: Readonly<Record<string, number>> = {
  PRIVMSG: 2,
  NOTICE: 2,
  TAGMSG: 1,
  REDACT: 2,
  RELAYMSG: 3,
};

/** What was encoded came from a disk: it is taken apart and built again, so that it is what it should be. */
export function linesIn(wire: Uint8Array = new Uint8Array()): readonly Line[] {
  return Buffer.from(wire)
    .toString()
    .split('\n')
    .map((text) => {
      const line = parseLine(text);
      if (line && line.params.length === PARAMS[line.command]) return line;
      throw new BridgeError('protocol', 'What was encoded is no line', { effect: 'none' });
    });
}

/** Numerics that ask for patience. */
const BUSY = new Set(['263', '439']);

export function refused({ code, target, text }: Refusal): BridgeError {
  const kind = BUSY.has(code) ? 'rate_limited' : code === '437' ? 'unreachable' : 'not_allowed';
  return new BridgeError(kind, `${target}: ${text} (${code})`, { effect: 'none', words: text });
}

/** What went wrong on the way, as the core must know it. */
export function failureOfAsk(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  if (error instanceof BadLine)
    return new BridgeError('protocol', error.message, { effect: 'none', cause: error });
  if (!(error instanceof Unanswered))
    return new BridgeError('protocol', String(error), { effect: 'unknown', cause: error });
  if (error.cause instanceof BadLine) return failureOfAsk(error.cause);
  const effect = error.written ? 'unknown' : 'none';
  const text = `No answer from the server: ${error.message}`;
  return new BridgeError('unreachable', text, { effect, cause: error });
}
