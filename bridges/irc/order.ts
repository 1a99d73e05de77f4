import { ONLY_OF_A_JOIN, type Refusal, refusalOf } from './joins.ts';
import { type Connection, pongOf } from './wire/connection.ts';
import { buildLine, type Line } from './wire/line.ts';

export interface Ordered {
  /** No other PING on this connection has it. */
  readonly token: string;
  /** The names that an answer may be about, as the server compares them. */
  readonly names: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** Sees each line until it is done. */
  hear?(line: Line): void;
  /** A refusal that says no more than that it is so already. */
  isFine?(refusal: Refusal): boolean;
}

/**
 * Has the server do something, and waits until it is done with it.
 *
 * @returns why it was not done.
 * @throws {Unanswered}
 */
export async function order(
  connection: Connection,
  lines: readonly string[],
  { token, names, signal, hear, isFine }: Ordered,
): Promise<Refusal | undefined> {
  const { features } = connection.state;
  const isDone = pongOf(token);
  let refusal: Refusal | undefined;
  const take = (line: Line) => {
    hear?.(line);
    const said = refusalOf(line, (name) => names.has(features.fold(name)), ONLY_OF_A_JOIN);
    if (said && !isFine?.(said)) refusal ??= said;
    return isDone(line);
  };
  await connection.ask([...lines, buildLine('PING', [token])], take, signal);
  return refusal;
}
