import type { IrcConfig } from './config.ts';
import type { Clock } from './wire/clock.ts';
import { type Connection, Unanswered } from './wire/connection.ts';
import { buildLine, type Line } from './wire/line.ts';

/** NickServ is a program on another server: it may be away, and nobody answers in its place. */
const PATIENCE_MS = 10_000;

/**
 * Tells NickServ the password of the bot's account, where the network took no proof before.
 *
 * @returns what it said. `undefined`: there was nothing to say, or it does not answer.
 */
export async function identify(
  connection: Connection,
  { account, accountPassword, nickServ }: IrcConfig,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<string | undefined> {
  if (account === undefined || accountPassword === undefined || connection.has('sasl'))
    return undefined;
  const patience = new AbortController();
  const cancel = clock.after(PATIENCE_MS, () => patience.abort());
  const { features } = connection.state;
  const isIts = ({ command, source }: Line) =>
    command === 'NOTICE' && features.fold(source?.nick ?? '') === features.fold(nickServ);
  try {
    return await connection.ask(
      [buildLine('PRIVMSG', [nickServ, `IDENTIFY ${account} ${accountPassword}`])],
      (line) => (line.command === '900' || isIts(line) ? line.params.at(-1) : undefined),
      AbortSignal.any([signal, patience.signal]),
    );
  } catch (error) {
    if (!(error instanceof Unanswered) || !patience.signal.aborted) throw error;
    return undefined;
  } finally {
    cancel();
  }
}
