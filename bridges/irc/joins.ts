import { randomUUID } from 'node:crypto';
import type { Connection } from './wire/connection.ts';
import { pongOf } from './wire/connection.ts';
import { buildLine, type Line } from './wire/line.ts';

/** Why the server does not let somebody do what they asked for. */
export interface Refusal {
  readonly target: string;
  readonly code: string;
  /** In clear words. */
  readonly text: string;
}

/** @see https://modern.ircdocs.horse/#numerics */
export const WORDS: Readonly<Record<string, string>> = {
  '263': 'the server wants you to wait a while',
  '401': 'there is nobody of that name',
  '403': 'there is no such channel',
  '404': 'the channel does not let it speak',
  '405': 'it is in too many channels',
  '432': 'the network takes no such nick',
  '433': 'the nick is in use',
  '437': 'it is not available for now',
  '438': 'nicks are changed too often: wait a while',
  '442': 'it is not in the channel',
  '471': 'the channel is full',
  '473': 'the channel is by invitation only',
  '474': 'it is banned from the channel',
  '475': 'the channel wants a key',
  '476': 'the server does not take that name',
  '477': 'the channel is for registered nicks only',
  '482': 'it is no channel operator',
  '489': 'the channel is for TLS connections only',
};

/** What is never said of a join, and what of nothing else: lines may be under way beside each other. */
const NOT_OF_A_JOIN = new Set(['401', '404', '411', '412', '441', '442', '443', '482']);
export const ONLY_OF_A_JOIN: ReadonlySet<string> = new Set([
  ...['405', '470', '471', '473', '474', '475', '476', '479'],
]);

/** Whether a line says no to something that was asked about a target. `except`: not these. */
export function refusalOf(
  line: Line,
  isTarget: (name: string) => boolean,
  except: ReadonlySet<string> = new Set(),
): Refusal | undefined {
  const { command, params } = line;
  const reason = params.at(-1) ?? '';
  if (command === 'FAIL') {
    const target = params.slice(2, -1).find(isTarget);
    if (target === undefined) return undefined;
    return { target, code: params[1] ?? 'FAIL', text: `the server says: ${reason}` };
  }
  const [, target = '', further = ''] = params;
  if (!/^[45]\d\d$/.test(command) || except.has(command) || !isTarget(target)) return undefined;
  if (command === '470')
    return { target, code: command, text: `the channel sends everybody on to ${further}` };
  return { target, code: command, text: WORDS[command] ?? `the server says: ${reason}` };
}

export interface Joining {
  /** What opens a channel that wants a key. */
  keyOf(name: string): string | undefined;
  /** Whether it is in this one, or wants to be. */
  isWanted(name: string): boolean;
  readonly signal: AbortSignal;
}

/** A line has room for so many, and so many targets is what servers take. */
const NAMES_PER_LINE = 10;
const NAMES_BYTES = 380;

/**
 * Joins channels, and waits until the server has told all that it tells on a join.
 *
 * @returns by folded name those that were refused.
 */
export async function joinChannels(
  connection: Connection,
  names: readonly string[],
  { keyOf, isWanted, signal }: Joining,
): Promise<ReadonlyMap<string, Refusal>> {
  const { features } = connection.state;
  const refused = new Map<string, Refusal>();
  const wanted = new Set(names.map((name) => features.fold(name)));
  const strays = new Set<string>();
  for (const params of joinParams(names, keyOf)) {
    const token = randomUUID();
    const isEnd = pongOf(token);
    const hear = (answer: Line) => {
      const isAsked = (name: string) => wanted.has(features.fold(name));
      const refusal = refusalOf(answer, isAsked, NOT_OF_A_JOIN);
      if (refusal) refused.set(features.fold(refusal.target), refusal);
      const [, , further = ''] = answer.params;
      // Asked now: it is brought there with the next line.
      if (refusal?.code === '470' && !isAsked(further) && !isWanted(further)) strays.add(further);
      return isEnd(answer);
    };
    await connection.ask([buildLine('JOIN', params), buildLine('PING', [token])], hear, signal);
  }
  // What is bridged is what was named: whoever is sent elsewhere does not stay there.
  for (const stray of strays) await connection.write(buildLine('PART', [stray]), signal);
  return refused;
}

/** For each line the names, and the keys of the first of them: a server counts them off. */
export function joinParams(
  names: readonly string[],
  keyOf: Joining['keyOf'],
): readonly (readonly string[])[] {
  const all = names.map((name) => ({ name, key: keyOf(name) }));
  const keyed = all.filter(({ key }) => key !== undefined);
  const rest = all.filter(({ key }) => key === undefined);
  const lines: (typeof all)[] = [];
  for (const one of [...keyed, ...rest]) {
    const last = lines.at(-1);
    const isFull = !last || last.length === NAMES_PER_LINE || sizeOf([...last, one]) > NAMES_BYTES;
    if (isFull) lines.push([one]);
    else last.push(one);
  }
  return lines.map((line) => {
    const keys = line.flatMap(({ key }) => key ?? []);
    return [line.map(({ name }) => name).join(), ...(keys.length > 0 ? [keys.join()] : [])];
  });
}

const sizeOf = (line: readonly { readonly name: string; readonly key: string | undefined }[]) =>
  Buffer.byteLength(line.flatMap(({ name, key }) => [name, key ?? '']).join());
