import type { MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import type { Context } from './context.ts';
import { unlessRefused } from './unless-refused.ts';

/** The bot or a ghost of ours. */
export const isOurs = ({ matrix, names }: Context, userId: string): boolean =>
  userId === matrix.bot || names.ghostOf(userId) !== undefined;

/** Somebody who may do nothing here, and was not asked to. */
export const isShutOut = (context: Context, userId: string): boolean =>
  !isOurs(context, userId) && context.permission(userId) === 'none';

/** Of those that we believe to be in a room, so many are tried, one after the other. */
const MOST_GHOSTS = 10;

/**
 * Reads in a room as the bot, else as a ghost that is there: what a ghost of ours wrote, a ghost of
 * ours can read. `undefined`: none of ours is let in, so none of ours can have written.
 */
export async function asOneOfOurs<T>(
  { matrix, storage }: Context,
  roomId: MatrixRoomId,
  read: (as: MatrixUserId) => Promise<T>,
): Promise<T | undefined> {
  const byBot = await unlessRefused(read(matrix.bot));
  if (byBot !== undefined) return byBot;
  const ghosts = await storage.ghosts.joinedTo(roomId);
  for (const { userId } of ghosts.slice(0, MOST_GHOSTS)) {
    const byGhost = await unlessRefused(read(userId));
    if (byGhost !== undefined) return byGhost;
  }
  return undefined;
}
