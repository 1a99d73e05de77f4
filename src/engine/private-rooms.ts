import type { MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import { MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import { PEOPLE } from './opted-out.ts';
import type { NetworkOptions } from './options.ts';

const PRIVATE = 'private/';

type Around = Pick<Context, 'matrix' | 'storage' | 'log'>;

/** Whether nobody reads what is said in the room but this user and the bot. */
export async function isPrivateRoom(
  { matrix, storage }: Pick<Around, 'matrix' | 'storage'>,
  roomId: MatrixRoomId,
  user: MatrixUserId,
): Promise<boolean> {
  if ((await storage.portals.ofRoom(roomId)).length > 0) return false;
  const members = await matrix.joinedMembers(roomId, matrix.bot);
  return members.every(({ userId }) => userId === user || userId === matrix.bot);
}

/** Where somebody spoke to the bot in private last. A room that was private may not be so any more. */
export class PrivateRooms {
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** Somebody gives the bot a command for these networks. Their answer does not depend on it. */
  async heard(event: MatrixEvent, networks: readonly NetworkOptions[]): Promise<void> {
    const { sender, roomId } = event;
    if (!networks.some(({ connectionNotices }) => connectionNotices)) return;
    try {
      if ((await this.#stored(sender)) === roomId) return;
      if (await isPrivateRoom(this.#around, roomId, sender)) await this.#keep(sender, roomId);
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error;
      const about = { roomId, error: error.message };
      this.#around.log('info', 'It is not known whether a room is private', about);
    }
  }

  /** `undefined`: there is none in which only they would read it. Rejects with `MatrixError`. */
  async of(user: MatrixUserId): Promise<MatrixRoomId | undefined> {
    const roomId = await this.#stored(user);
    if (roomId === undefined) return undefined;
    try {
      if (!(await isPrivateRoom(this.#around, roomId, user))) return undefined;
      const { matrix } = this.#around;
      return (await matrix.isEncrypted(roomId, matrix.bot)) ? undefined : roomId;
    } catch (error) {
      // The bot is not in it any more.
      if (error instanceof MatrixError && error.kind === 'refused') return undefined;
      throw error;
    }
  }

  async #keep(user: MatrixUserId, roomId: MatrixRoomId): Promise<void> {
    const change = { key: PRIVATE + user, value: Buffer.from(roomId) };
    await this.#around.storage.journal.commit([{ kind: 'state', network: PEOPLE, change }]);
  }

  async #stored(user: MatrixUserId): Promise<MatrixRoomId | undefined> {
    const stored = await this.#around.storage.state.get(PEOPLE, undefined, PRIVATE + user);
    return stored && (Buffer.from(stored).toString() as MatrixRoomId);
  }
}
