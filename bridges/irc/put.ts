import { randomUUID } from 'node:crypto';
import { BridgeError } from '#adapter';
import { KEY_TAG } from './from-remote.ts';
import { ONLY_OF_A_JOIN, type Refusal, refusalOf } from './joins.ts';
import { relayerOf } from './relayed.ts';
import { type Connection, pongOf } from './wire/connection.ts';
import { BadLine, buildLine, type Line } from './wire/line.ts';
import { isSelf } from './wire/machine.ts';
import { batchOf, joinedText, multilineLimits } from './wire/multiline.ts';

/** After this long without its echo, a server that echoes is asked whether it is done with the line. */
const ECHO_MS = 5_000;

/** What came of a line: it came back, was refused, or the server is done with it. */
export type Answer = { readonly line: Line } | Refusal | 'done';

/**
 * Puts a line to a target on the wire, or several that are one message, and waits until it is certain
 * what came of it.
 *
 * @throws {Unanswered} or {BridgeError} `stale`: the server takes no message of several lines any more.
 */
export async function put(
  connection: Connection,
  lines: readonly Line[],
  { key, signal }: { readonly key: string; readonly signal: AbortSignal },
): Promise<Answer> {
  const whole = asOne(lines);
  if (lines.length > 1 && !multilineLimits(connection.state.caps))
    throw new BridgeError('stale', 'The server takes lines one by one now', { effect: 'none' });
  const label = connection.has('labeled-response') ? connection.newLabel() : undefined;
  const tags = {
    ...(label && { label }),
    ...tagsToPass(connection, whole),
    ...(carriesKeys(connection) && whole.command !== 'REDACT' && { [KEY_TAG]: key }),
  };
  const token = randomUUID();
  const texts =
    lines.length > 1
      ? batchOf(lines, connection.newLabel(), tags)
      : [buildLine(whole.command, whole.params, tags)];
  const [target = ''] = whole.params;
  const answer = label
    ? labelled(connection, label, target)
    : unlabelled(connection, { line: whole, key }, pongOf(token));
  const ping = buildLine('PING', [token]);
  if (label) return connection.ask(texts, answer, signal);
  if (!connection.has('echo-message')) return connection.ask([...texts, ping], answer, signal);
  const cancel = connection.clock.after(ECHO_MS, () => void connection.write(ping).catch(() => {}));
  return connection.ask(texts, answer, signal).finally(cancel);
}

/** As the server says it back. */
function asOne(lines: readonly Line[]): Line {
  const [first] = lines;
  if (!first) throw new BadLine('There is nothing to say');
  return lines.length > 1
    ? { ...first, params: [first.params[0] ?? '', joinedText(lines)] }
    : first;
}

/** Of the tags that a line was built with, those that the server passes on. */
function tagsToPass(connection: Connection, { tags }: Line): Readonly<Record<string, string>> {
  return Object.fromEntries([...tags].filter(([name]) => passes(connection, name)));
}

/** Whether a client-only tag reaches those who are spoken to. */
export const passes = (connection: Connection, tag: string): boolean =>
  connection.has('message-tags') && connection.state.features.passesTag(tag.slice(1));

/** Our lines come back with their key, to those who listen with the same abilities. */
export const carriesKeys = (connection: Connection): boolean => passes(connection, KEY_TAG);

/** With a label every answer is known to be the answer. */
function labelled(connection: Connection, label: string, target: string) {
  return (heard: Line): Answer | undefined => {
    if (heard.tags.get('label') !== label) return undefined;
    if (heard.command === 'FAIL') return failOf(heard, target);
    const refusal = refusalOf(heard, () => true);
    if (refusal) return { ...refusal, target };
    if (heard.command === 'ACK') return 'done';
    return isSelf(connection.state, heard) || isRelayed(connection, heard)
      ? { line: heard }
      : undefined;
  };
}

/** Said by us under another name. */
const isRelayed = (connection: Connection, heard: Line): boolean =>
  isName(connection, connection.state.nick)(relayerOf(heard) ?? '');

/** Such an answer need not name the target. */
const failOf = ({ params }: Line, target: string): Refusal => ({
  target,
  code: params[1] ?? 'FAIL',
  text: `the server says: ${params.at(-1)}`,
});

/** Without, the server answers in the order in which it was asked. */
function unlabelled(
  connection: Connection,
  said: { readonly line: Line; readonly key: string },
  isDone: (line: Line) => true | undefined,
) {
  const { command, params } = said.line;
  const [target = '', words] = params;
  // What somebody types is told without words, too.
  const isIt = (heard: Line) =>
    words === undefined ? heard.tags.get(KEY_TAG) === said.key : heard.params[1] === words;
  const isTarget = isName(connection, target);
  return (heard: Line): Answer | undefined => {
    if (isDone(heard)) return 'done';
    const isEcho = heard.command === command && isIt(heard) && isSelf(connection.state, heard);
    if (isEcho && isTarget(heard.params[0] ?? '')) return { line: heard };
    return refusalOf(heard, isTarget, ONLY_OF_A_JOIN);
  };
}

function isName({ state: { features } }: Connection, target: string): (name: string) => boolean {
  return (name) => features.fold(name) === features.fold(target);
}
