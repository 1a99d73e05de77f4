import type { MatrixRoomId } from '../model/matrix-ids.ts';
import type { ChatView } from '../model/remote-ids.ts';
import type { Context } from './context.ts';
import { createLanes, type Lanes, type Turn } from './lanes.ts';
import { viewKey } from './watcher.ts';

/** What is under way when the bridge is asked to stop has so long to end. */
const DRAIN_MS = 15_000;

export interface LaneWork {
  readonly room: (roomId: MatrixRoomId) => Promise<Turn>;
  readonly portal: (id: number) => Promise<Turn>;
  readonly chat: (network: string, view: ChatView) => Promise<Turn>;
  readonly remote: (id: number) => Promise<Turn>;
  readonly notice: (roomId: MatrixRoomId) => Promise<Turn>;
}

/** Every lane of the bridge, by what it is a lane of. */
export class AllLanes {
  readonly #context: Context;
  readonly #rooms: Lanes<MatrixRoomId>;
  readonly #portals: Lanes<number>;
  readonly #chats: Lanes<string>;
  readonly #remotes: Lanes<number>;
  readonly #notices: Lanes<MatrixRoomId>;

  constructor(context: Context, work: LaneWork) {
    this.#context = context;
    this.#rooms = createLanes('A room', work.room, context);
    this.#portals = createLanes('A portal', work.portal, context);
    this.#chats = createLanes('A chat', (key) => work.chat(...fromViewKey(key)), context);
    this.#remotes = createLanes('A room of a portal', work.remote, context);
    this.#notices = createLanes('Notices of a room', work.notice, context);
  }

  room = (roomId: MatrixRoomId): void => this.#rooms.wake(roomId);
  portal = (id: number): void => this.#portals.wake(id);
  chat = (network: string, view: ChatView): void => this.#chats.wake(viewKey(network, view));
  remote = (id: number): void => this.#remotes.wake(id);
  notice = (roomId: MatrixRoomId): void => this.#notices.wake(roomId);

  /** Every lane that the journal has work for. */
  async wakeAll(): Promise<void> {
    const pending = await this.#context.storage.journal.pending();
    for (const roomId of pending.rooms) this.room(roomId);
    for (const id of pending.portals) this.portal(id);
    for (const { network, ...view } of pending.chats) this.chat(network, view);
    for (const id of pending.remotePortals) this.remote(id);
    for (const roomId of pending.noticeRooms) this.notice(roomId);
  }

  async wakeNotices(): Promise<void> {
    const { noticeRooms } = await this.#context.storage.journal.pending();
    for (const roomId of noticeRooms) this.notice(roomId);
  }

  /** The homeserver is there: what waits for it need wait no longer. */
  homeserverIsThere(): void {
    for (const lanes of [this.#rooms, this.#chats, this.#notices]) lanes.nudge();
  }

  /** A network, or a voice, is there. */
  networkIsThere(): void {
    this.#portals.nudge();
    this.#rooms.nudge();
  }

  /** A network that hangs does not hold up the end: what it has not answered is in doubt at the next start. */
  async drain(): Promise<void> {
    const all = [this.#rooms, this.#portals, this.#chats, this.#remotes, this.#notices];
    const ended = Promise.all(all.map((lanes) => lanes.drain()));
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.#context.clock.after(DRAIN_MS, resolve);
    });
    await Promise.race([ended, late]);
    cancel();
  }
}

function fromViewKey(key: string): [network: string, view: ChatView] {
  const [network, chat, receiver] = JSON.parse(key);
  return [network, { chat, ...(receiver !== null && { receiver }) }];
}
