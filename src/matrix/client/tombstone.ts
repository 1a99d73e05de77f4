import type { MatrixRoomId } from '../../model/matrix-ids.ts';
import { object, text } from '../../util/fields.ts';
import { isErrcode } from './content.ts';
import type { Context } from './context.ts';
import { endpoints } from './endpoint.ts';

/** What a room says of the one that replaces it, and who has said so. `undefined`: it says nothing. */
export async function tombstoneOf(
  { homeserver, bot }: Context,
  roomId: MatrixRoomId,
): Promise<{ readonly room: MatrixRoomId; readonly by: string } | undefined> {
  const query = { format: 'event' };
  const ids = [roomId, 'm.room.tombstone', ''];
  const tombstone = await homeserver
    .request(endpoints.state, { ids, as: bot, query })
    .catch(absent);
  const room = roomIdIn(object(tombstone, 'content'), 'replacement_room');
  const by = text(tombstone, 'sender');
  return room && by !== undefined ? { room, by } : undefined;
}

export function roomIdIn(content: unknown, name: string): MatrixRoomId | undefined {
  const id = text(content, name);
  return id?.startsWith('!') ? (id as MatrixRoomId) : undefined;
}

function absent(error: unknown): undefined {
  if (!isErrcode(error, 'M_NOT_FOUND')) throw error;
}
