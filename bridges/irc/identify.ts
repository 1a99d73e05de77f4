import { randomUUID } from 'node:crypto';
import type { Clock } from './wire/clock.ts';
import { type Connection, pongOf, Unanswered } from './wire/connection.ts';
import { buildLine, type Line } from './wire/line.ts';
import type { Account } from './wire/sasl/account.ts';

/** NickServ is a program on another server: it may be away, and nobody answers in its place. */
const PATIENCE_MS = 10_000;

export interface Asking {
  readonly nickServ: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Tells NickServ the password of an account, where the network took no proof before.
 *
 * @returns what it said. `undefined`: there was nothing to say, or it does not answer.
 */
export async function identify(
  connection: Connection,
  { name, password }: Pick<Account, 'name' | 'password'>,
  { nickServ, clock, signal }: Asking,
): Promise<string | undefined> {
  if (password === undefined || connection.has('sasl')) return undefined;
  const patience = new AbortController();
  const cancel = clock.after(PATIENCE_MS, () => patience.abort());
  const { features } = connection.state;
  const isNamed = (nick = '') => features.fold(nick) === features.fold(nickServ);
  const isIts = ({ command, source }: Line) => command === 'NOTICE' && isNamed(source?.nick);
  const isNobody = ({ command, params }: Line) => command === '401' && isNamed(params[1]);
  try {
    const line = await connection.ask(
      [buildLine('PRIVMSG', [nickServ, `IDENTIFY ${name} ${password}`])],
      (heard) => (heard.command === '900' || isIts(heard) || isNobody(heard) ? heard : undefined),
      AbortSignal.any([signal, patience.signal]),
    );
    return isNobody(line) ? undefined : line.params.at(-1);
  } catch (error) {
    if (!(error instanceof Unanswered) || !patience.signal.aborted) throw error;
    return undefined;
  } finally {
    cancel();
  }
}

/**
 * As whom the network knows a connection. `undefined`: as nobody.
 *
 * Asked of the server, as what NickServ says is in whatever language it likes.
 */
export async function accountOn(
  connection: Connection,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { nick, features } = connection.state;
  const token = randomUUID();
  const isEnd = pongOf(token);
  let name: string | undefined;
  await connection.ask(
    [buildLine('WHOIS', [nick]), buildLine('PING', [token])],
    (line) => {
      const [, who = '', account] = line.params;
      const isOfUs = features.fold(who) === features.fold(nick);
      // RPL_WHOISACCOUNT; RPL_WHOISREGNICK of servers whose accounts are nicks.
      if (line.command === '330' && isOfUs) name = account;
      if (line.command === '307' && isOfUs) name ??= nick;
      return isEnd(line);
    },
    signal,
  );
  return name;
}
