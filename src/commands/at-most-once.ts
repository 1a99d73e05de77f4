import { BridgeError } from '../adapter/errors.ts';
import type { MatrixEvent } from '../ports/matrix.ts';
import type { Storage } from '../ports/store.ts';

/** Among the states of networks. None of theirs has a name that begins so. */
const COMMANDS = '=commands';

const UNKNOWN =
  'Nobody knows whether this was done, as it was broken off in the middle. Say it again if it was not.';

interface Last {
  readonly event: string;
  /** Absent: it was begun. */
  readonly answer?: string;
}

/**
 * Does what a command asks for, once, however often the bridge is stopped and started meanwhile: it
 * may say something to people. Of each room the last command is remembered; they come in order.
 *
 * Only what rejects with a word that it has done nothing is done anew.
 */
export async function atMostOnce(
  { journal, state }: Pick<Storage, 'journal' | 'state'>,
  { id, roomId }: MatrixEvent,
  run: () => Promise<string>,
): Promise<string> {
  const write = (last: Last | null, when?: 'soon') => {
    const value = last && Buffer.from(JSON.stringify(last));
    return journal.commit(
      [{ kind: 'state', network: COMMANDS, change: { key: roomId, value } }],
      when,
    );
  };
  const stored = await state.get(COMMANDS, undefined, roomId);
  const before: Last | undefined = stored && JSON.parse(Buffer.from(stored).toString());
  if (before?.event === id) return before.answer ?? UNKNOWN;
  await write({ event: id });
  try {
    const answer = await run();
    await write({ event: id, answer }, 'soon');
    return answer;
  } catch (error) {
    const isUndone = error instanceof BridgeError && error.effect === 'none';
    if (isUndone) await write(null, 'soon');
    throw error;
  }
}
