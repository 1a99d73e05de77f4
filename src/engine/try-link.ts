import type { MatrixRoomId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import { MatrixError } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import type { Portals } from './portals.ts';

/** What is to be linked, by the name of the chat and by an id or an alias of the room. */
export interface LinkWanted extends Pick<Portal, 'origin' | 'ownsRoom'> {
  readonly chat: string;
  readonly room: string;
}

/** Makes a link that nobody waits for. `undefined`: it cannot be made now, which the log tells. */
export type TryLink = (
  network: string,
  wanted: LinkWanted,
) => Promise<Pick<Portal, 'chat' | 'roomId'> | undefined>;

export function linker({ matrix, storage, names, log }: Context, portals: Portals): TryLink {
  /** The room of an id or an alias. An alias of our own is made. */
  async function roomOf(network: string, room: string): Promise<MatrixRoomId | undefined> {
    if (room.startsWith('!')) return room as MatrixRoomId;
    const own = names.aliasOf(room);
    if (own?.network === network) return portals.ensureAlias(network, own.chat);
    return matrix.roomOfAlias(room);
  }

  async function link(network: string, { chat: name, room, ...as }: LinkWanted) {
    const chat = await portals.chatOf(network, name);
    if (chat === undefined) throw new Error(`${network} has no chat ${name}`);
    const named = await roomOf(network, room);
    if (named === undefined) throw new Error(`There is no room ${room}`);
    const roomId = await storage.portals.nowRoom(named);
    await matrix.join(roomId, matrix.bot);
    const isOwned = (await storage.portals.ofRoom(roomId)).some(({ ownsRoom }) => ownsRoom);
    const ownsRoom = as.ownsRoom && !isOwned;
    return portals.link({ network, chat, roomId, ...as, ownsRoom });
  }

  return async (network, wanted) => {
    try {
      return await link(network, wanted);
    } catch (error) {
      const why = error instanceof MatrixError ? error.message : String(error);
      const { chat, room, origin } = wanted;
      const whose = origin === 'config' ? 'of the config' : 'of another bridge';
      const about = { network, chat, room, error: why };
      log('warn', `A portal ${whose} cannot be linked; it is tried again`, about);
      return undefined;
    }
  };
}
