import { randomUUID } from 'node:crypto';
import { WORDS } from '../joins.ts';
import { failureOfAsk } from '../say.ts';
import { type Connection, pongOf } from '../wire/connection.ts';
import { buildLine, type Line } from '../wire/line.ts';

/** What is said to everybody is no answer to one. */
const TALK = new Set(['PRIVMSG', 'NOTICE', 'TAGMSG']);

/** Asks a server something, and waits until it is done with it. @returns what it said meanwhile. */
export async function answersTo(
  connection: Connection,
  line: string,
  signal: AbortSignal,
): Promise<readonly Line[]> {
  const token = randomUUID();
  const isEnd = pongOf(token);
  const heard: Line[] = [];
  const hear = (answer: Line) => {
    if (!TALK.has(answer.command)) heard.push(answer);
    return isEnd(answer);
  };
  try {
    await connection.ask([line, buildLine('PING', [token])], hear, signal);
    return heard.slice(0, -1);
  } catch (error) {
    throw failureOfAsk(error);
  }
}

/** RPL_TRYAGAIN and its like: the one numeric of a refusal that is not among the errors. */
const BUSY = '263';

/** Why the server did not do it, as a sentence. `undefined`: it said nothing against it. */
export function whyNot(answers: readonly Line[], about: string): string | undefined {
  const no = answers.find(
    ({ command }) => /^[45]\d\d$/.test(command) || command === BUSY || command === 'FAIL',
  );
  if (!no) return undefined;
  const why = WORDS[no.command] ?? `the server says: ${no.params.at(-1)}`;
  return `${about}: ${why} (${no.command}).`;
}
