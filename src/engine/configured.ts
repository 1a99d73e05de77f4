import type { MatrixRoomId } from '../model/matrix-ids.ts';
import { MatrixError } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import type { Networks } from './networks.ts';
import type { Portals } from './portals.ts';
import { portalsOf } from './portals-of.ts';

/** A room that does not exist yet, or does not let the bot in, is tried again after this, or when the bot is invited. */
const AGAIN_MS = 60_000;

export interface Configured {
  /** Makes the links that the config names for a network, and undoes those that it no longer names. */
  link(network: string): Promise<void>;
  /** Something changed: what could not be linked is tried at once. */
  nudge(): void;
  close(): void;
}

/** Links from the config: desired state, brought about as far as the homeserver lets it. */
export function createConfigured(
  context: Context,
  networks: Networks,
  portals: Portals,
): Configured {
  const { matrix, storage, names, clock, log } = context;
  const waiting = new Map<string, () => void>();
  let closed = false;

  /** The room of an id or an alias. An alias of our own is made. */
  async function roomOf(network: string, room: string): Promise<MatrixRoomId | undefined> {
    if (room.startsWith('!')) return room as MatrixRoomId;
    const own = names.aliasOf(room);
    if (own?.network === network) return portals.ensureAlias(network, own.chat);
    return matrix.roomOfAlias(room);
  }

  async function linkOne(network: string, chatName: string, room: string): Promise<string> {
    const chat = await portals.chatOf(network, chatName);
    if (chat === undefined) throw new Error(`${network} has no chat ${chatName}`);
    const roomId = await roomOf(network, room);
    if (roomId === undefined) throw new Error(`There is no room ${room}`);
    await matrix.join(roomId, matrix.bot);
    await portals.link({ network, chat, roomId, origin: 'config', ownsRoom: false });
    return `${chat} ${roomId}`;
  }

  async function link(network: string): Promise<void> {
    waiting.get(network)?.();
    waiting.delete(network);
    const linked: string[] = [];
    const wanted = networks.options(network).portals;
    for (const { chat, room } of wanted) {
      const done = await tryLink(network, chat, room);
      if (done !== undefined) linked.push(done);
    }
    if (linked.length === wanted.length) await unlinkOthers(network, new Set(linked));
    else if (!closed)
      waiting.set(
        network,
        clock.after(AGAIN_MS, () => void again(network)),
      );
  }

  async function tryLink(network: string, chat: string, room: string) {
    try {
      return await linkOne(network, chat, room);
    } catch (error) {
      const why = error instanceof MatrixError ? error.message : String(error);
      log('warn', 'A portal of the config cannot be linked; it is tried again', {
        network,
        chat,
        room,
        error: why,
      });
      return undefined;
    }
  }

  async function unlinkOthers(network: string, linked: ReadonlySet<string>): Promise<void> {
    for await (const portal of portalsOf(storage, network))
      if (portal.origin === 'config' && !linked.has(`${portal.chat} ${portal.roomId}`))
        await portals.unlink(portal);
  }

  const again = (network: string) =>
    link(network).catch((error: unknown) =>
      log('error', 'The links of the config could not be made', { network, error: String(error) }),
    );

  return {
    link,
    nudge() {
      for (const network of waiting.keys()) void again(network);
    },
    close() {
      closed = true;
      for (const cancel of waiting.values()) cancel();
    },
  };
}
