import { escapeTag, parseTags } from './tags.ts';

/** Who a line is from: a person as `nick!user@host`, a server as its bare name. */
export interface Source {
  readonly nick: string;
  readonly user?: string;
  readonly host?: string;
}

/** One line of the protocol, taken apart. */
export interface Line {
  readonly tags: ReadonlyMap<string, string>;
  readonly source?: Source;
  /** In upper case. Numerics as three digits. */
  readonly command: string;
  readonly params: readonly string[];
}

/** A line that must not be written: it would be cut up, or read as something else. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
}

const COMMAND = /^(?:[A-Za-z]+|[0-9]{3})$/;
const TAG_NAME = /^\+?(?:[A-Za-z0-9.-]+\/)?[A-Za-z0-9-]+$/;

/** Takes a line apart. Without its line end. `undefined`: it is no line of this protocol. */
export function parseLine(raw: string): Line | undefined {
  let rest = raw;
  const next = () => {
    const end = rest.indexOf(' ');
    const word = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end).replace(/^ +/, '');
    return word;
  };
  const tags = parseTags(rest.startsWith('@') ? next().slice(1) : '');
  const source = rest.startsWith(':') ? parseSource(next().slice(1)) : undefined;
  const command = next().toUpperCase();
  if (!COMMAND.test(command)) return undefined;
  const params: string[] = [];
  while (rest !== '') {
    if (rest.startsWith(':')) {
      params.push(rest.slice(1));
      break;
    }
    params.push(next());
  }
  return { tags, ...(source && { source }), command, params };
}

export function parseSource(raw: string): Source {
  const [, nick = '', user, host] = /^([^!@]*)(?:!([^@]*))?(?:@(.*))?$/s.exec(raw) ?? [];
  return { nick, ...(user !== undefined && { user }), ...(host !== undefined && { host }) };
}

/** `user@host`, or nothing where the line does not say it. */
export function maskOf({ user, host }: Source): string | undefined {
  return user === undefined || host === undefined ? undefined : `${user}@${host}`;
}

/**
 * Builds a line: the only way to one, so that no byte of a user is ever read as protocol.
 *
 * The last parameter may hold anything that fits on a line. Without a line end.
 *
 * @throws {BadLine} for CR, LF or NUL anywhere, and for a middle parameter that is empty, has a
 *   space or begins with a colon.
 */
export function buildLine(
  command: string,
  params: readonly string[],
  tags: Readonly<Record<string, string>> = {},
): string {
  if (!COMMAND.test(command)) throw new BadLine('The command is not a word');
  const head = Object.entries(tags).map(tagOf).join(';');
  const last = params.at(-1);
  const words = [command, ...params.slice(0, -1).map(middle)];
  if (last !== undefined) words.push(trailing(last));
  return (head ? `@${head} ` : '') + words.join(' ');
}

function tagOf([name, value]: [string, string]): string {
  if (!TAG_NAME.test(name)) throw new BadLine('A tag has a name that no server would take');
  if (value.includes('\0')) throw new BadLine('A tag holds NUL');
  return value === '' ? name : `${name}=${escapeTag(value)}`;
}

function middle(param: string): string {
  if (param === '' || param.startsWith(':') || /[\r\n\0 ]/.test(param))
    throw new BadLine(
      'A middle parameter is empty, or holds a space, a colon first, CR, LF or NUL',
    );
  return param;
}

function trailing(param: string): string {
  if (/[\r\n\0]/.test(param)) throw new BadLine('The last parameter holds CR, LF or NUL');
  return param === '' || param.startsWith(':') || param.includes(' ') ? `:${param}` : param;
}
