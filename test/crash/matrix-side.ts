import type { EventLog } from './event-log.ts';
import { type MatrixEvent, MatrixReading, unsupportedType } from './matrix-reading.ts';
import { ask, type Saying, type Side, type SideRecord } from './side.ts';

/** A homeserver: people with plain clients, and what it has on disk. */
export class MatrixSide implements Side {
  readonly name = 'Matrix';
  readonly rooms = new Map<string, string>();
  readonly #url: string;
  readonly #log: EventLog;
  readonly #tokens = new Map<string, string>();
  readonly #prefix: string;
  #reading: MatrixReading;
  #read = 0;
  #transactions = 0;

  /** @param prefix how the names of the bridge's own users begin. */
  constructor(url: string, log: EventLog, prefix: string) {
    this.#url = `${url}/_matrix/client/v3`;
    this.#log = log;
    this.#prefix = prefix;
    this.#reading = new MatrixReading(this.rooms, prefix);
  }

  get people(): readonly string[] {
    return [...this.#tokens.keys()];
  }

  /** The room of a chat that the bridge itself has made: what stands there is read from now on. */
  learnRoom(chat: string, roomId: string): void {
    this.rooms.set(chat, roomId);
    this.#reading = new MatrixReading(this.rooms, this.#prefix);
    this.#read = 0;
  }

  /** Registers somebody, who enters the room of each chat; the first one makes the rooms. */
  async enter(person: string, chats: readonly string[]): Promise<void> {
    const auth = { type: 'm.login.dummy' };
    const body = { username: person, password: `password-of-${person}`, auth };
    const login = await ask<{ access_token: string }>(`${this.#url}/register`, {
      method: 'POST',
      body,
    });
    this.#tokens.set(person, login.access_token);
    for (const chat of chats) {
      const options = { preset: 'public_chat', name: chat };
      const room = this.rooms.get(chat) ?? (await this.createRoom(person, options));
      this.rooms.set(chat, room);
      await this.join(person, room);
    }
  }

  async join(person: string, room: string): Promise<void> {
    await this.as(person, 'POST', `/join/${encodeURIComponent(room)}`, {});
  }

  async createRoom(person: string, options: object): Promise<string> {
    const made = this.as<{ room_id: string }>(person, 'POST', '/createRoom', options);
    return (await made).room_id;
  }

  async say(person: string, saying: Saying): Promise<void> {
    await this.sayIn(this.rooms.get(saying.chat) ?? '', person, saying);
  }

  /** Also in a room that is bridged to no chat. */
  async sayIn(roomId: string, person: string, saying: Omit<Saying, 'chat'>): Promise<void> {
    this.#transactions += 1;
    const path = `/rooms/${encodeURIComponent(roomId)}${pathOf(saying)}/${person}-${this.#transactions}`;
    await this.as(person, 'PUT', path, contentOf(saying));
  }

  async leave(person: string, room: string): Promise<void> {
    await this.as(person, 'POST', `/rooms/${encodeURIComponent(room)}/leave`, {});
  }

  async kick(person: string, room: string, who: string): Promise<void> {
    await this.as(person, 'POST', `/rooms/${encodeURIComponent(room)}/kick`, { user_id: who });
  }

  record(): SideRecord {
    return this.#readOn();
  }

  /** Whether the bridge is in every room, so that it is told from now on what is said there. */
  isBridged(): boolean {
    const { bridged } = this.#readOn();
    return [...this.rooms.keys()].every((chat) => bridged.has(chat));
  }

  #readOn(): MatrixReading {
    const events = this.#log.read();
    for (const event of events.slice(this.#read)) this.#reading.take(event);
    this.#read = events.length;
    return this.#reading;
  }

  as<T>(person: string, method: string, path: string, body?: unknown): Promise<T> {
    const token = this.#tokens.get(person) ?? '';
    return ask(this.#url + path, { method, token, ...(body !== undefined && { body }) });
  }
}

function pathOf({ what, target }: Omit<Saying, 'chat'>): string {
  if (what === 'removal') return `/redact/${encodeURIComponent(target?.id ?? '')}`;
  if (what === 'unsupported') return `/send/${unsupportedType}`;
  return `/send/${what === 'reaction' ? 'm.reaction' : 'm.room.message'}`;
}

function contentOf({ what, text, target }: Omit<Saying, 'chat'>): MatrixEvent['content'] {
  if (what === 'removal') return {};
  if (what === 'unsupported') return { body: text };
  if (what === 'message') return { msgtype: 'm.text', body: text };
  const event_id = target?.id ?? '';
  if (what === 'reaction') {
    return { 'm.relates_to': { rel_type: 'm.annotation', event_id, key: text } };
  }
  return {
    msgtype: 'm.text',
    body: `* ${text}`,
    'm.new_content': { body: text, msgtype: 'm.text' } as { body: string },
    'm.relates_to': { rel_type: 'm.replace', event_id },
  };
}
