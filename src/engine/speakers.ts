import type { Speaker } from '../adapter/voice.ts';
import type { MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import { MatrixError } from '../ports/matrix.ts';
import type { Context } from './context.ts';

const MOST_REMEMBERED = 10_000;

export interface Speakers {
  /** How somebody appears in a room. Rejects with `MatrixError`. */
  of(roomId: MatrixRoomId, userId: MatrixUserId): Promise<Speaker>;
  /** A member event tells: what was known is old. */
  forget(roomId: MatrixRoomId, userId: MatrixUserId): void;
}

/** Looks up who speaks, once, and remembers it until the room tells of a change. */
export function createSpeakers({ matrix }: Context): Speakers {
  const known = new Map<string, Speaker>();
  const keyOf = (roomId: string, userId: string) => `${roomId} ${userId}`;
  return {
    async of(roomId, userId) {
      const key = keyOf(roomId, userId);
      const found = known.get(key);
      if (found) return found;
      const member = await matrix.member(roomId, userId, matrix.bot).catch(isHidden);
      const speaker: Speaker = {
        ...unseen(userId),
        ...(member?.displayName !== undefined && { displayName: member.displayName }),
        ...(member?.avatar !== undefined && { avatar: member.avatar }),
      };
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(key, speaker);
      return speaker;
    },
    forget: (roomId, userId) => void known.delete(keyOf(roomId, userId)),
  };
}

/** Without the bot in the room nobody tells it who is who; people are bridged all the same. */
function isHidden(error: unknown): undefined {
  if (!(error instanceof MatrixError) || error.kind !== 'refused') throw error;
}

/** Somebody of whom nothing is known but their id. */
export const unseen = (userId: MatrixUserId): Speaker => ({
  userId,
  displayName: localpartOf(userId),
});

/** Up to the first colon: a server's name may have more. */
const localpartOf = (userId: MatrixUserId): string =>
  userId.slice(1, Math.max(1, userId.indexOf(':')));
