import type { Connection } from './wire/connection.ts';
import { buildLine } from './wire/line.ts';
import { nickOf } from './wire/nick-choice.ts';

/** Whoever has it may keep it for days: seldom enough to bother nobody. */
const EVERY_MS = 120_000;

/**
 * Wins back the nick that was wanted, where it was taken as this connection began: most often by the
 * connection before it, which the server had not let go of yet. Ends with the connection.
 *
 * The server itself decides, so it is only asked. Where it can watch a nick (MONITOR) it says at once
 * when that is free.
 *
 * @param isWanted false: whoever it is for has chosen another one since.
 */
export function regain(
  connection: Connection,
  isWanted: () => boolean = () => true,
): (line: { readonly command: string }) => void {
  const { choice, features } = connection.state;
  const wanted = nickOf({ ...choice, taken: 0 });
  const has = () => features.fold(connection.state.nick) === features.fold(wanted);
  if (choice.taken === 0 || has()) return () => {};
  let cancel = () => {};
  const write = (line: string) => void connection.write(line).catch(() => {});
  const ask = () => {
    if (has() || !isWanted() || connection.ended.aborted) return;
    write(buildLine('NICK', [wanted]));
    cancel();
    cancel = connection.clock.after(EVERY_MS, ask);
  };
  connection.ended.addEventListener('abort', () => cancel(), { once: true });
  cancel = connection.clock.after(EVERY_MS, ask);
  if (features.tokens.has('MONITOR')) write(buildLine('MONITOR', ['+', wanted]));
  return ({ command }) => {
    if (command === '731') ask();
  };
}
