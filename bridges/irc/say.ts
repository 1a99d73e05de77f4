import { randomUUID } from 'node:crypto';
import {
  BridgeError,
  type Encoded,
  type Handler,
  type MatrixAction,
  type Part,
  type Sent,
} from '#adapter';
import { KEY_TAG } from './from-remote.ts';
import { messageIdOf, targetOf } from './ids.ts';
import { ONLY_OF_A_JOIN, type Refusal, refusalOf } from './joins.ts';
import type { Named } from './mentions.ts';
import { messageLines, type Self } from './to-remote.ts';
import { type Connection, pongOf, Unanswered } from './wire/connection.ts';
import { BadLine, buildLine, type Line, parseLine } from './wire/line.ts';
import { isSelf } from './wire/machine.ts';

/** What speaks: a connection, as long as it stands. */
export interface Mouth {
  /** @throws {BridgeError} `unreachable`, with effect `none`. */
  connection(): Connection;
  /** What is known of it, standing or not. */
  readonly self: Self;
  /** Resolves once no connection that we hold for cut can do anything any more. @throws {BridgeError} */
  othersAreGone(signal: AbortSignal): Promise<void>;
  /** What somebody who is named is called there. `undefined`: nothing now, so the text stays as it is. */
  nickOf(who: Named): string | undefined;
  /** Whether it arrived, as far as anybody can know. */
  lookup(part: Part<'message'>, signal: AbortSignal): Promise<Sent | 'absent' | 'cannot-tell'>;
}

/** After this long without its echo, a server that echoes is asked whether it is done with the line. */
const ECHO_MS = 5_000;

/** What stands before each line of a message. */
export type NameOf = (action: MatrixAction<'message'>) => string;

/** Says a message, a line at a time. */
export class Say implements Handler<'message'> {
  private readonly mouth: Mouth;
  private readonly nameOf: NameOf;

  constructor(mouth: Mouth, nameOf: NameOf = () => '') {
    this.mouth = mouth;
    this.nameOf = nameOf;
  }

  async encode(action: MatrixAction<'message'>): Promise<Encoded> {
    try {
      const { mouth, nameOf } = this;
      const calling = { nickOf: (who: Named) => mouth.nickOf(who), name: nameOf(action) };
      const lines = messageLines(action, mouth.self, calling);
      return { parts: lines.map((line) => Buffer.from(line)) };
    } catch (error) {
      throw failureOfAsk(error);
    }
  }

  async send(part: Part<'message'>, signal: AbortSignal): Promise<Sent> {
    const connection = this.mouth.connection();
    try {
      const answer = await put(connection, part, signal);
      if (answer === 'done') return { ids: [] };
      if ('line' in answer)
        return { ids: answer.line.tags.has('msgid') ? [messageIdOf(answer.line)] : [] };
      throw refused(answer);
    } catch (error) {
      throw failureOfAsk(error);
    }
  }

  lookup(part: Part<'message'>, signal: AbortSignal): Promise<Sent | 'absent' | 'cannot-tell'> {
    return this.mouth.lookup(part, signal);
  }
}

type Answer = { readonly line: Line } | Refusal | 'done';

async function put(
  connection: Connection,
  part: Part<'message'>,
  signal: AbortSignal,
): Promise<Answer> {
  const line = lineOf(part);
  const label = connection.has('labeled-response') ? connection.newLabel() : undefined;
  const tags = {
    ...(label && { label }),
    ...(carriesKeys(connection) && { [KEY_TAG]: part.key }),
  };
  const token = randomUUID();
  const text = buildLine(line.command, line.params, tags);
  const target = targetOf(part.action.chat);
  const answer = label
    ? labelled(connection, label, target)
    : unlabelled(connection, line, pongOf(token));
  const ping = buildLine('PING', [token]);
  if (label) return connection.ask([text], answer, signal);
  if (!connection.has('echo-message')) return connection.ask([text, ping], answer, signal);
  const cancel = connection.clock.after(ECHO_MS, () => void connection.write(ping).catch(() => {}));
  return connection.ask([text], answer, signal).finally(cancel);
}

/** Our lines come back with their key, to those who listen with the same abilities. */
export function carriesKeys(connection: Connection): boolean {
  return connection.has('message-tags') && connection.state.features.passesTag(KEY_TAG.slice(1));
}

/** What was encoded came from a disk: it is taken apart and built again, so that it is one line. */
function lineOf({ wire }: Part<'message'>): Line {
  const line = wire && parseLine(Buffer.from(wire).toString());
  if (line?.params.length !== 2)
    throw new BridgeError('protocol', 'What was encoded is no line', { effect: 'none' });
  return line;
}

/** With a label every answer is known to be the answer. */
function labelled(connection: Connection, label: string, target: string) {
  return (heard: Line): Answer | undefined => {
    if (heard.tags.get('label') !== label) return undefined;
    const refusal = refusalOf(heard, () => true);
    if (refusal) return { ...refusal, target };
    if (heard.command === 'ACK') return 'done';
    return isSelf(connection.state, heard) ? { line: heard } : undefined;
  };
}

/** Without, the server answers in the order in which it was asked. */
function unlabelled(connection: Connection, said: Line, isDone: (line: Line) => true | undefined) {
  const [target = '', words] = said.params;
  const isTarget = isName(connection, target);
  return (heard: Line): Answer | undefined => {
    if (isDone(heard)) return 'done';
    const isEcho =
      heard.command === said.command &&
      heard.params[1] === words &&
      isSelf(connection.state, heard);
    if (isEcho && isTarget(heard.params[0] ?? '')) return { line: heard };
    return refusalOf(heard, isTarget, ONLY_OF_A_JOIN);
  };
}

function isName({ state: { features } }: Connection, target: string): (name: string) => boolean {
  return (name) => features.fold(name) === features.fold(target);
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
