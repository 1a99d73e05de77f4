import { BridgeError } from '../adapter/errors.ts';
import type { ChatInfo, Found } from '../adapter/info.ts';
import type { MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import type { ChatView, RemoteChatId } from '../model/remote-ids.ts';
import type { Accounted } from '../ports/journal.ts';
import { type BridgeInfo, MatrixError } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { Directory } from './directory.ts';
import type { Ghosts } from './ghosts.ts';
import type { Networks } from './networks.ts';
import { tellPrivacy } from './privacy.ts';
import { checkRequested, type RoomRequests, roomRequests } from './room-requests.ts';
import { viewOf, type Watcher } from './watcher.ts';

const ASK = { deadlineMs: 20_000, effect: 'none' } as const;

export interface NewPortal extends ChatView {
  readonly network: string;
  readonly roomId: MatrixRoomId;
  readonly origin: Portal['origin'];
  readonly ownsRoom: boolean;
  readonly creator?: MatrixUserId;
}

/** Makes and unmakes the links between chats and rooms. */
export class Portals {
  /** Rooms that somebody asks for. */
  readonly requests: RoomRequests;
  readonly #context: Context;
  readonly #networks: Networks;
  readonly #watcher: Watcher;
  readonly #ghosts: Ghosts;
  readonly #directory: Directory;
  /** Rooms with aliases by these, and private ones, until they are linked. */
  readonly #making = new Map<string, Promise<unknown>>();

  constructor(
    context: Context,
    parts: {
      readonly networks: Networks;
      readonly watcher: Watcher;
      readonly ghosts: Ghosts;
      readonly directory: Directory;
    },
  ) {
    this.#context = context;
    this.requests = roomRequests(context.clock);
    this.#networks = parts.networks;
    this.#watcher = parts.watcher;
    this.#ghosts = parts.ghosts;
    this.#directory = parts.directory;
  }

  /** The chat or person that somebody means by a name. @throws {BridgeError} */
  async find(network: string, name: string): Promise<Found | undefined> {
    const of = this.#networks.get(network);
    return this.#ask(async (signal) => {
      if (of.resolve) return of.resolve(name, signal);
      throw new BridgeError('unsupported', 'No look-up of chats by name', { effect: 'none' });
    });
  }

  /** The same, if it is a chat. @throws {BridgeError} */
  async chatOf(network: string, name: string): Promise<RemoteChatId | undefined> {
    const found = await this.find(network, name);
    return found && 'chat' in found ? found.chat : undefined;
  }

  /** Links, says so in the room, and begins to listen. What is linked already stays as it is. */
  async link({ creator, ...wanted }: NewPortal): Promise<Portal> {
    const { storage, matrix } = this.#context;
    const there = await storage.portals.ofChat(wanted.network, viewOf(wanted));
    const isLinked = there.some(({ roomId }) => roomId === wanted.roomId);
    const since = isLinked ? undefined : await this.#now(wanted.roomId);
    const portal = await storage.portals.link(wanted, since);
    if (!portal.encrypted && (await matrix.isEncrypted(wanted.roomId, matrix.bot)))
      await storage.portals.markEncrypted(wanted.roomId);
    await this.announce(portal, creator);
    this.#watcher.watch(portal);
    if (!isLinked && portal.receiver === undefined) await tellPrivacy(this.#context, portal);
    return portal;
  }

  /** Where a room is: what is older was not missed by a portal that begins now. */
  async #now(roomId: MatrixRoomId): Promise<Pick<Accounted, 'place' | 'upTo'>> {
    const { storage, matrix } = this.#context;
    const { place } = await storage.journal.accounted(roomId);
    for await (const { event } of matrix.backwards(roomId, matrix.bot))
      return { place, upTo: event.id };
    return { place };
  }

  async unlink(portal: Portal): Promise<void> {
    const { storage, log } = this.#context;
    await this.#watcher.unwatch(portal).catch((error: unknown) =>
      log('warn', 'A network did not let go of a chat', {
        network: portal.network,
        error: String(error),
      }),
    );
    for (const ghost of await storage.ghosts.joinedTo(portal.roomId))
      if (ghost.network === portal.network) await this.#ghosts.leave(ghost.userId, portal.roomId);
    await storage.portals.unlink(portal.id);
    await this.disown(portal);
  }

  /** Its room is bridged to its chat no longer, as it says then. */
  async disown(portal: Portal): Promise<void> {
    const { matrix, log } = this.#context;
    await this.#directory.forget(portal);
    await matrix
      .setBridgeInfo(portal.roomId, stateKey(portal), undefined)
      .catch((error: unknown) => log('info', 'The bridge info stays', { error: String(error) }));
  }

  /** The portals of a private chat, its room created if there is none. */
  async ensureDirect(network: string, view: ChatView): Promise<readonly Portal[]> {
    const { storage, keys } = this.#context;
    const there = await storage.portals.ofChat(network, view);
    if (there.length > 0 || view.receiver === undefined) return there;
    const voice = await storage.voices.byId(view.receiver);
    if (voice?.userId === undefined) return [];
    const marker = keys.marker('direct', network, view.chat, view.receiver);
    const { userId } = voice;
    return this.#makeOnce(marker, () => this.#makeDirect({ network, ...view }, userId, marker));
  }

  async #makeDirect(
    of: ChatView & { readonly network: string },
    invited: MatrixUserId,
    marker: string,
  ): Promise<readonly Portal[]> {
    const { matrix, names } = this.#context;
    const roomId = await matrix.createRoom({
      aliasLocalpart: names.directLocalpart(of.network, marker),
      as: matrix.bot,
      invite: [invited],
      isDirect: true,
      isPublic: false,
    });
    return [await this.link({ ...of, roomId, origin: 'direct', ownsRoom: true })];
  }

  /** The same for somebody who may not ask for too many. @throws {BridgeError} `not_allowed` */
  async requested(network: string, name: string, chat: RemoteChatId) {
    checkRequested(this.#networks.options(network), chat);
    const all = await this.#context.storage.portals.ofChat(network, { chat });
    const there = all.find(({ origin }) => origin === 'alias');
    if (there) return there.roomId;
    if (this.requests.take()) return this.ensureAlias(network, name);
    const text = 'Too many rooms are asked for now: try again in a minute';
    throw new BridgeError('not_allowed', text, { effect: 'none' });
  }

  /**
   * The room of a chat that anybody may join by its alias, created if there is none.
   *
   * @throws {BridgeError} `not_allowed` where the config says that no room is made for it.
   */
  async ensureAlias(network: string, name: string): Promise<MatrixRoomId | undefined> {
    return this.#makeOnce(aliasKey(network, name), () => this.#makeAlias(network, name));
  }

  async #makeOnce<T>(key: string, make: () => Promise<T>): Promise<T> {
    const underWay = (this.#making.get(key) as Promise<T> | undefined) ?? make();
    this.#making.set(key, underWay);
    return underWay.finally(() => this.#making.delete(key));
  }

  /**
   * Whether a room may be one that is being made at this moment: then it has no portal yet, and is to get
   * one. People may have come into it already, and speak.
   */
  async mayBeMade(roomId: MatrixRoomId): Promise<boolean> {
    if (this.#making.size === 0) return false;
    return (await this.#context.storage.portals.ofRoom(roomId)).length === 0;
  }

  /**
   * Whether the room of an alias is being created at this moment. A homeserver may ask for an alias
   * because we ask it for that same one: to wait for each other would be to wait for ever.
   */
  isMaking(network: string, name: string): boolean {
    return this.#making.has(aliasKey(network, name));
  }

  async #makeAlias(network: string, name: string): Promise<MatrixRoomId | undefined> {
    const { matrix, names, storage } = this.#context;
    const chat = await this.chatOf(network, name);
    if (chat === undefined) return undefined;
    checkRequested(this.#networks.options(network), chat);
    const info = await this.#infoOf(network, { chat });
    const made = await matrix.createRoom({
      aliasLocalpart: names.aliasLocalpart(network, name),
      as: matrix.bot,
      name: info?.name ?? chat,
      ...(info?.topic !== undefined && { topic: info.topic }),
      invite: [],
      isDirect: false,
      isPublic: true,
    });
    const roomId = await storage.portals.nowRoom(made);
    await this.link({ network, chat, roomId, origin: 'alias', ownsRoom: true });
    return roomId;
  }

  /** What the room says about its bridge. A room where the bot has no power is bridged all the same. */
  async announce(portal: Portal, creator?: MatrixUserId): Promise<void> {
    const { matrix, log } = this.#context;
    const { roomId } = portal;
    const info = await this.#infoOf(portal.network, viewOf(portal));
    try {
      await matrix.addFunctionalMembers(roomId, [matrix.bot]);
      await matrix.setBridgeInfo(roomId, stateKey(portal), this.#about(portal, info, creator));
      if (portal.ownsRoom && info) await matrix.setRoomInfo(roomId, info);
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error;
      log('info', 'The room could not be told about its bridge', { roomId, error: error.message });
    }
  }

  #about(portal: Portal, info: ChatInfo | undefined, creator?: MatrixUserId): BridgeInfo {
    const { adapter, displayName, icon } = this.#networks.options(portal.network);
    return {
      protocol: { id: adapter.id, displayName: adapter.displayName },
      network: { id: portal.network, displayName, ...(icon !== undefined && { icon }) },
      chat: { id: portal.chat, displayName: info?.name ?? portal.chat },
      ...(creator && { creator }),
      isDirect: portal.receiver !== undefined,
    };
  }

  #infoOf(network: string, view: ChatView): Promise<ChatInfo | undefined> {
    return this.#ask(async (signal) => this.#networks.get(network).chat?.(view, signal)).catch(
      () => undefined,
    );
  }

  #ask<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withDeadline(this.#context.clock, ASK, call);
  }
}

const aliasKey = (network: string, name: string) => JSON.stringify([network, name]);

const stateKey = ({ network, chat }: Portal) => `dev.drawbridge://${network}/${chat}`;
