import type { MatrixRoomId } from '../../model/matrix-ids.ts';
import type { MatrixPort, NewRoom } from '../../ports/matrix.ts';
import { MatrixError } from '../../ports/matrix.ts';
import { type Json, object, text } from '../../util/fields.ts';
import { answered } from './answers.ts';
import { checkId, contentJson, isErrcode } from './content.ts';
import type { Context } from './context.ts';
import { endpoints } from './endpoint.ts';
import { hasCreators } from './power.ts';

type Rooms = Pick<MatrixPort, 'roomOfAlias' | 'createRoom' | 'setListed'>;

/**
 * Rooms are found by their alias.
 *
 * Looking up an alias of ours that does not exist makes the homeserver ask this very bridge for it
 * (`AppserviceHandler.aliasExists`) and wait for the answer.
 */
export function rooms({ homeserver, serverName, bot }: Context): Rooms {
  async function roomOfAlias(alias: string): Promise<MatrixRoomId | undefined> {
    checkId(endpoints.roomOfAlias, alias);
    try {
      const answer = await homeserver.request(endpoints.roomOfAlias, { ids: [alias] });
      return answered(endpoints.roomOfAlias, answer, 'room_id') as MatrixRoomId;
    } catch (error) {
      if (isErrcode(error, 'M_NOT_FOUND')) return undefined;
      throw error;
    }
  }

  /** Only where the creator is somebody else does the bot need power from the beginning. */
  async function powerLevels(room: NewRoom): Promise<Json> {
    if (room.as === bot) return {};
    const answer = await homeserver.request(endpoints.capabilities, { as: room.as });
    const versions = object(object(answer, 'capabilities'), 'm.room_versions');
    const creatorHasAll = hasCreators(text(versions, 'default') ?? '1');
    const users = { [bot]: 100, ...(creatorHasAll ? {} : { [room.as]: 100 }) };
    return { power_level_content_override: { users } };
  }

  /** After a failure: somebody else was faster, or the answer to us was lost. */
  async function foundAfter(error: unknown, alias: string): Promise<MatrixRoomId> {
    const mayExist =
      isErrcode(error, 'M_ROOM_IN_USE') ||
      (error instanceof MatrixError && error.kind === 'ambiguous');
    const existing = mayExist ? await roomOfAlias(alias).catch(() => undefined) : undefined;
    if (existing === undefined) throw error;
    return existing;
  }

  return {
    roomOfAlias,
    async createRoom(room) {
      const alias = `#${room.aliasLocalpart}:${serverName}`;
      checkId(endpoints.createRoom, alias);
      const wanted = { ...roomContent(room), ...(await powerLevels(room)) };
      const json = contentJson(endpoints.createRoom, wanted);
      try {
        const answer = await homeserver.request(endpoints.createRoom, { as: room.as, json });
        return answered(endpoints.createRoom, answer, 'room_id') as MatrixRoomId;
      } catch (error) {
        return foundAfter(error, alias);
      }
    },
    async setListed(network, roomId, isListed) {
      const json = contentJson(endpoints.setListed, {
        visibility: isListed ? 'public' : 'private',
      });
      await homeserver.request(endpoints.setListed, { ids: [network, roomId], json });
    },
  };
}

function roomContent(room: NewRoom): Json {
  return {
    // Not `trusted_private_chat`: since version 12 it makes creators of everybody invited.
    preset: room.isPublic ? 'public_chat' : 'private_chat',
    visibility: 'private',
    room_alias_name: room.aliasLocalpart,
    ...(room.name === undefined ? {} : { name: room.name }),
    ...(room.topic === undefined ? {} : { topic: room.topic }),
    invite: room.invite,
    is_direct: room.isDirect,
  };
}
