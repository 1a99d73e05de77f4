import { createHash } from 'node:crypto';
import type { MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';
import { MatrixError } from '../../ports/matrix.ts';
import { isObject, type Json, list, text } from '../../util/fields.ts';
import { sameJson } from '../../util/same-json.ts';
import { contentJson, isErrcode } from './content.ts';
import type { Context } from './context.ts';
import { endpoints } from './endpoint.ts';

/** Which state of which room. */
export interface StateKey {
  readonly roomId: MatrixRoomId;
  readonly type: string;
  /** Absent: the empty one. */
  readonly key?: string;
}

/** A room's state, read and written. */
export interface RoomState {
  /** The content. `undefined`: there is none. */
  read(what: StateKey, as: MatrixUserId): Promise<Json | undefined>;
  /** Writes it unless it is so already: a repeat would be one more event in the room. */
  write(what: StateKey, content: Json, as: MatrixUserId): Promise<void>;
  /** Every state event: large, and rarely needed. */
  whole(roomId: MatrixRoomId, as: MatrixUserId): Promise<readonly unknown[]>;
  /** The first of `asks` that may see it answers. `undefined`: never had anything to do with the room. */
  membershipOf(
    roomId: MatrixRoomId,
    who: MatrixUserId,
    asks: readonly MatrixUserId[],
  ): Promise<string | undefined>;
}

export function roomState({ homeserver }: Pick<Context, 'homeserver'>): RoomState {
  async function read({ roomId, type, key = '' }: StateKey, as: MatrixUserId) {
    const ids = [roomId, type, short(key)];
    const content = await homeserver
      .request(endpoints.state, { ids, as })
      .catch((error: unknown) => {
        if (isErrcode(error, 'M_NOT_FOUND')) return undefined;
        throw error;
      });
    return isObject(content) ? content : undefined;
  }

  return {
    read,
    async write(what, content, as) {
      const json = contentJson(endpoints.setState, content);
      const present = await read(what, as);
      if (sameJson(present ?? {}, JSON.parse(json))) return;
      const ids = [what.roomId, what.type, short(what.key ?? '')];
      await homeserver.request(endpoints.setState, { ids, as, json });
    },
    async whole(roomId, as) {
      const answer = await homeserver.request(endpoints.wholeState, { ids: [roomId], as });
      return list({ answer }, 'answer');
    },
    async membershipOf(roomId, who, asks) {
      let refusal: unknown;
      for (const as of new Set(asks)) {
        try {
          const member = await read({ roomId, type: 'm.room.member', key: who }, as);
          return text(member, 'membership');
        } catch (error) {
          if (!(error instanceof MatrixError) || error.kind !== 'refused') throw error;
          refusal ??= error;
        }
      }
      throw refusal;
    },
  };
}

const MAX_KEY_BYTES = 255;

/** A key that is too long is replaced by a hash of it, the same each time. */
const short = (key: string): string =>
  Buffer.byteLength(key) <= MAX_KEY_BYTES
    ? key
    : createHash('sha256').update(key).digest('base64url');
