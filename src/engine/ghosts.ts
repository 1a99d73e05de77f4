import type { UserInfo } from '../adapter/info.ts';
import type { MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import type { RemoteUserId } from '../model/remote-ids.ts';
import type { GhostRow } from '../ports/store.ts';
import type { Context } from './context.ts';
import { isRefusal } from './unless-refused.ts';

/** What the network says of one of its people, and where their picture is. */
export interface People {
  user(network: string, user: RemoteUserId): Promise<UserInfo | undefined>;
  picture(network: string, info: UserInfo, as: MatrixUserId): Promise<string | undefined>;
  /** Whether it can be asked now. */
  canTell(network: string): boolean;
}

export interface Ghosts {
  /** Registered, named and in the room. Rejects with `MatrixError`. */
  inRoom(network: string, user: RemoteUserId, roomId: MatrixRoomId): Promise<MatrixUserId>;
  /** Registered and named. Rejects with `MatrixError`. */
  exist(network: string, user: RemoteUserId): Promise<MatrixUserId>;
  /** The homeserver says otherwise: it is not in the room. */
  notIn(ghost: MatrixUserId, roomId: MatrixRoomId): Promise<void>;
  leave(ghost: MatrixUserId, roomId: MatrixRoomId, reason?: string): Promise<void>;
  /** The network says that the person looks different now: asked again when they next speak. */
  changed(network: string, user: RemoteUserId): void;
}

/** Ghosts whose profile is known to be current are remembered up to so many; then the oldest is asked for again. */
const MOST_REMEMBERED = 20_000;

/** Registers, names and joins ghosts, once each, and only when they have something to do. */
export function createGhosts(context: Context, people: People): Ghosts {
  const { matrix, names, storage, log } = context;
  const current = new Map<MatrixUserId, Promise<MatrixUserId>>();

  function exist(network: string, user: RemoteUserId): Promise<MatrixUserId> {
    const ghost = names.ghost(network, user);
    const known = current.get(ghost);
    if (known !== undefined) return known;
    const made = make(network, user, ghost).catch((error: unknown) => {
      current.delete(ghost);
      throw error;
    });
    // What nobody could say yet is asked again the next time.
    if (people.canTell(network)) current.set(ghost, made);
    if (current.size > MOST_REMEMBERED) forgetOldest();
    return made;
  }

  function forgetOldest() {
    const [oldest] = current.keys();
    if (oldest) current.delete(oldest);
  }

  async function make(network: string, user: RemoteUserId, userId: MatrixUserId) {
    const before = await storage.ghosts.byUserId(userId);
    if (before === undefined) {
      await matrix.register(userId);
      await storage.ghosts.save({ userId, network, remoteId: user });
    }
    await dress(before ?? { userId, network, remoteId: user });
    return userId;
  }

  /** Name and picture, where they differ from what the homeserver was last told. A refusal costs only looks. */
  async function dress(row: GhostRow): Promise<void> {
    const info = await people.user(row.network, row.remoteId);
    const now: GhostRow = { ...row, name: row.name ?? row.remoteId, ...looksOf(info) };
    if (now.name === row.name && now.avatar === row.avatar) return;
    try {
      await setProfile(row, now, info);
      await storage.ghosts.save(now);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const { userId } = row;
      log('warn', 'A ghost was refused its name or picture', { userId, error: error.message });
    }
  }

  async function setProfile(before: GhostRow, now: GhostRow, info: UserInfo | undefined) {
    const { network, userId, name, avatar } = now;
    const isNewPicture = info !== undefined && avatar !== before.avatar;
    const picture = isNewPicture ? await people.picture(network, info, userId) : undefined;
    await matrix.setProfile(userId, {
      ...(name !== undefined && name !== before.name && { name }),
      ...(picture !== undefined && { avatar: picture }),
    });
  }

  async function join(ghost: MatrixUserId, roomId: MatrixRoomId): Promise<void> {
    try {
      await matrix.join(roomId, ghost);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await matrix.invite(roomId, ghost, matrix.bot);
      await matrix.join(roomId, ghost);
    }
    await storage.ghosts.setJoined(ghost, roomId, true);
  }

  return {
    exist,
    async inRoom(network, user, roomId) {
      const ghost = await exist(network, user);
      if (!(await storage.ghosts.isJoined(ghost, roomId))) await join(ghost, roomId);
      return ghost;
    },
    notIn: (ghost, roomId) => storage.ghosts.setJoined(ghost, roomId, false),
    async leave(ghost, roomId, reason) {
      if (!(await storage.ghosts.isJoined(ghost, roomId))) return;
      await matrix.leave(roomId, ghost, reason).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
      });
      await storage.ghosts.setJoined(ghost, roomId, false);
    },
    changed: (network, user) => void current.delete(names.ghost(network, user)),
  };
}

const looksOf = ({ name, avatar }: UserInfo = {}): Partial<Pick<GhostRow, 'name' | 'avatar'>> => ({
  ...(name !== undefined && { name }),
  ...(avatar !== undefined && { avatar }),
});
