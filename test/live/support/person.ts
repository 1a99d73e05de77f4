import loglevel from 'loglevel';
import {
  ClientEvent,
  createClient,
  Direction,
  Filter,
  type MatrixClient,
  type MatrixEvent,
} from 'matrix-js-sdk';
import type { Logger } from 'matrix-js-sdk/lib/logger.js';
import { type Line, linesOf, type RoomEvent } from './room-view.ts';

const ignore = (): void => undefined;
const silent: Logger = {
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  getChild: () => silent,
};

// The SDK's modules have loggers of their own, which no option of a client reaches.
for (const logger of Object.values(loglevel.getLoggers())) {
  logger.methodFactory = () => ignore;
  logger.rebuild();
}

/** More than any test says between two answers of `/sync`, so that none of them has a gap. */
const syncLimit = 2000;
const pageSize = 500;
const waitMs = 30_000;

type SendContent = Record<string, unknown>;

/** A person with a Matrix client, for tests with a real homeserver. */
export class Person {
  readonly userId: string;
  readonly client: MatrixClient;
  readonly #events = new Map<string, RoomEvent>();
  readonly #waiting = new Set<() => void>();

  private constructor(client: MatrixClient, userId: string) {
    this.client = client;
    this.userId = userId;
    client.on(ClientEvent.Event, (event) => this.#saw(event));
    client.on(ClientEvent.Sync, () => this.#wake());
  }

  /** Registers, or logs in where the name is taken, and waits for the first sync. */
  static async enter(baseUrl: string, name: string): Promise<Person> {
    const door = createClient({ baseUrl, logger: silent });
    const password = `password-of-${name}`;
    const login = await door
      .registerRequest({ username: name, password, auth: { type: 'm.login.dummy' } })
      .catch((error: { errcode?: string }) => {
        if (error.errcode !== 'M_USER_IN_USE') throw error;
        const identifier = { type: 'm.id.user', user: name };
        return door.loginRequest({ type: 'm.login.password', identifier, password });
      });
    if (login.access_token === undefined) throw new Error(`${name} got no access token`);
    const client = createClient({
      baseUrl,
      accessToken: login.access_token,
      userId: login.user_id,
      ...(login.device_id === undefined ? {} : { deviceId: login.device_id }),
      logger: silent,
    });
    const person = new Person(client, login.user_id);
    await person.#start();
    return person;
  }

  async #start(): Promise<void> {
    const filter = new Filter(this.userId);
    filter.setTimelineLimit(syncLimit);
    await this.client.startClient({ filter, initialSyncLimit: syncLimit, pollTimeout: 5000 });
    await this.until(() => this.client.isInitialSyncComplete(), 'the first sync');
  }

  /** The SDK keeps a timer for up to 90 seconds: a process that uses it has to be ended. */
  stop(): void {
    this.client.stopClient();
  }

  /** Creates a room that whoever is invited may enter. */
  async createRoom(
    options: { name?: string; alias?: string; invite?: string[] } = {},
  ): Promise<string> {
    const { room_id } = await this.client.createRoom({
      preset: 'private_chat' as never,
      invite: options.invite ?? [],
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.alias === undefined ? {} : { room_alias_name: options.alias }),
    });
    await this.#isIn(room_id);
    return room_id;
  }

  /** Enters a room by its id or alias. */
  async join(roomIdOrAlias: string): Promise<string> {
    const { roomId } = await this.client.joinRoom(roomIdOrAlias);
    await this.#isIn(roomId);
    return roomId;
  }

  async invite(roomId: string, userId: string): Promise<void> {
    await this.client.invite(roomId, userId);
  }

  async kick(roomId: string, userId: string, reason?: string): Promise<void> {
    await this.client.kick(roomId, userId, reason);
  }

  async setPower(roomId: string, userId: string, level: number): Promise<void> {
    await this.client.setPowerLevel(roomId, userId, level);
  }

  async leave(roomId: string): Promise<void> {
    await this.client.leave(roomId);
  }

  async rename(displayName: string): Promise<void> {
    await this.client.setDisplayName(displayName);
  }

  say(roomId: string, body: string, more: SendContent = {}): Promise<string> {
    return this.send(roomId, 'm.room.message', { msgtype: 'm.text', body, ...more });
  }

  emote(roomId: string, body: string): Promise<string> {
    return this.say(roomId, body, { msgtype: 'm.emote' });
  }

  reply(roomId: string, target: string, body: string): Promise<string> {
    return this.say(roomId, body, { 'm.relates_to': { 'm.in_reply_to': { event_id: target } } });
  }

  edit(roomId: string, target: string, body: string): Promise<string> {
    return this.say(roomId, `* ${body}`, {
      'm.new_content': { msgtype: 'm.text', body },
      'm.relates_to': { rel_type: 'm.replace', event_id: target },
    });
  }

  react(roomId: string, target: string, key: string): Promise<string> {
    return this.send(roomId, 'm.reaction', {
      'm.relates_to': { rel_type: 'm.annotation', event_id: target, key },
    });
  }

  async redact(roomId: string, target: string, reason?: string): Promise<string> {
    const options = reason === undefined ? {} : { reason };
    return (await this.client.redactEvent(roomId, target, undefined, options)).event_id;
  }

  async send(roomId: string, type: string, content: SendContent): Promise<string> {
    return (await this.client.sendEvent(roomId, type as never, content as never)).event_id;
  }

  /** What its client was told of the room so far, in the order in which it was told. */
  events(roomId: string): RoomEvent[] {
    return [...this.#events.values()].filter((event) => event.room_id === roomId);
  }

  /** The room as its client shows it now. */
  lines(roomId: string): Line[] {
    return linesOf(this.events(roomId));
  }

  /** All of the room that it may see, oldest first, asked of the homeserver anew. */
  async history(roomId: string): Promise<RoomEvent[]> {
    const newestFirst: RoomEvent[] = [];
    let from: string | null = null;
    for (;;) {
      const page = await this.client.createMessagesRequest(
        roomId,
        from,
        pageSize,
        Direction.Backward,
      );
      newestFirst.push(...(page.chunk as unknown as RoomEvent[]));
      if (page.end === undefined || page.chunk.length === 0) return newestFirst.reverse();
      from = page.end;
    }
  }

  membership(roomId: string, userId: string): string | undefined {
    return this.client.getRoom(roomId)?.getMember(userId)?.membership;
  }

  /** The names of everybody in the room, sorted. */
  members(roomId: string): string[] {
    const members = this.client.getRoom(roomId)?.getJoinedMembers() ?? [];
    return members.map((member) => member.rawDisplayName).sort();
  }

  /** Waits until somebody has said exactly that, and gives the line. */
  hears(roomId: string, body: string): Promise<Line> {
    return this.until(
      () => this.lines(roomId).find((line) => line.body === body && !line.removed),
      `"${body}"`,
      () => this.lines(roomId).map((line) => `${line.sender}: ${line.body}`),
    );
  }

  /** Waits for a condition, looked at whenever its client was told something. */
  until<T>(
    condition: () => T | undefined | false,
    what: string,
    instead: () => readonly string[] = () => [],
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = () => {
        const found = condition();
        if (found === undefined || found === false) return;
        end();
        resolve(found);
      };
      const timer = setTimeout(() => {
        end();
        const seen = instead().slice(-20).join('\n  ');
        reject(new Error(`${this.userId} waited in vain for ${what}. It saw:\n  ${seen}`));
      }, waitMs);
      this.#waiting.add(look);
      look();
    });
  }

  /** Before a send the room's state must have come down. */
  async #isIn(roomId: string): Promise<void> {
    await this.until(() => {
      const room = this.client.getRoom(roomId);
      return (
        room?.getMyMembership() === 'join' &&
        room.currentState.getStateEvents('m.room.power_levels', '') !== null
      );
    }, `${roomId} to be there`);
  }

  #saw(event: MatrixEvent): void {
    const id = event.getId();
    if (id !== undefined && event.getRoomId() !== undefined && !this.#events.has(id)) {
      this.#events.set(id, structuredClone(event.event) as unknown as RoomEvent);
    }
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}
