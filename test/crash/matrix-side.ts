import { join } from 'node:path';
import { JsonLog } from './json-log.ts';
import type { Arrived, Outcome, Said } from './judge.ts';
import { ask, type Message, push, type Saying, type Side, type SideRecord } from './side.ts';

interface MatrixEvent {
  readonly event_id: string;
  readonly type: string;
  readonly sender: string;
  readonly room_id: string;
  readonly state_key?: string;
  readonly content: {
    readonly membership?: string;
    readonly msgtype?: string;
    readonly body?: string;
    readonly 'm.new_content'?: { readonly body?: string };
    readonly 'm.relates_to'?: {
      readonly rel_type?: string;
      readonly event_id?: string;
      readonly key?: string;
      readonly 'm.in_reply_to'?: { readonly event_id: string };
    };
  };
}

/** A line of the dev homeserver's journal, as far as this reads it. */
interface JournalLine {
  readonly kind: string;
  readonly event?: MatrixEvent;
}

/** The dev homeserver: people with plain clients, and its journal on disk. */
export class MatrixSide implements Side {
  readonly name = 'Matrix';
  readonly rooms = new Map<string, string>();
  readonly #url: string;
  readonly #journal: JsonLog<JournalLine>;
  readonly #tokens = new Map<string, string>();
  readonly #reading: Reading;
  #transactions = 0;

  /** @param prefix how the names of the bridge's own users begin. */
  constructor(url: string, dir: string, prefix: string) {
    this.#url = `${url}/_matrix/client/v3`;
    this.#journal = new JsonLog(join(dir, 'journal.jsonl'));
    this.#reading = new Reading(this.rooms, prefix);
  }

  get people(): readonly string[] {
    return [...this.#tokens.keys()];
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
      const room = this.rooms.get(chat) ?? (await this.#createRoom(person, chat));
      await this.#as(person, 'POST', `/join/${encodeURIComponent(room)}`, {});
    }
  }

  async #createRoom(person: string, chat: string): Promise<string> {
    const body = { preset: 'public_chat', name: chat };
    const { room_id } = await this.#as<{ room_id: string }>(person, 'POST', '/createRoom', body);
    this.rooms.set(chat, room_id);
    return room_id;
  }

  async say(person: string, saying: Saying): Promise<void> {
    const room = encodeURIComponent(this.rooms.get(saying.chat) ?? '');
    const type = saying.what === 'reaction' ? 'm.reaction' : 'm.room.message';
    this.#transactions += 1;
    const path = `/rooms/${room}/send/${type}/${person}-${this.#transactions}`;
    await this.#as(person, 'PUT', path, contentOf(saying));
  }

  record(): SideRecord {
    this.#reading.read(this.#journal.read());
    return this.#reading;
  }

  /** Whether the bridge is in every room, so that it is told from now on what is said there. */
  isBridged(): boolean {
    this.record();
    return [...this.rooms.keys()].every((chat) => this.#reading.bridged.has(chat));
  }

  isThere(): Promise<boolean> {
    const url = `${this.#url}/../versions`;
    return fetch(url, { signal: AbortSignal.timeout(1000) }).then(
      (response) => response.ok,
      () => false,
    );
  }

  #as<T>(person: string, method: string, path: string, body: unknown): Promise<T> {
    return ask(this.#url + path, { method, body, token: this.#tokens.get(person) ?? '' });
  }
}

function contentOf({ what, text, target }: Saying): MatrixEvent['content'] {
  if (what === 'message') return { msgtype: 'm.text', body: text };
  const event_id = target ?? '';
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

class Reading implements SideRecord {
  readonly said: Said[] = [];
  readonly arrived: Arrived[] = [];
  readonly told = new Map<string, Outcome>();
  readonly messages = new Map<string, Message[]>();
  readonly bridged = new Set<string>();
  readonly #rooms: ReadonlyMap<string, string>;
  readonly #ours: string;
  readonly #texts = new Map<string, string>();
  /** What a notice is about, so that an edit of the notice is understood. */
  readonly #notices = new Map<string, string>();
  #next = 0;

  constructor(rooms: ReadonlyMap<string, string>, prefix: string) {
    this.#rooms = rooms;
    this.#ours = `@${prefix}`;
  }

  read(lines: readonly JournalLine[]): void {
    for (const { event } of lines.slice(this.#next)) if (event !== undefined) this.#take(event);
    this.#next = lines.length;
  }

  #take(event: MatrixEvent): void {
    const chat = [...this.#rooms].find(([, room]) => room === event.room_id)?.[0];
    if (chat === undefined) return;
    if (event.type === 'm.room.member') this.#takeMember(event, chat);
    else if (event.type === 'm.reaction') this.#takeReaction(event, chat);
    else if (event.type !== 'm.room.message') return;
    else if (event.content.msgtype === 'm.notice') this.#takeNotice(event);
    else if (event.content['m.relates_to']?.rel_type === 'm.replace') this.#takeEdit(event, chat);
    else this.#takeMessage(event, chat);
  }

  #takeMember({ sender, content }: MatrixEvent, chat: string): void {
    if (content.membership === 'join' && sender.startsWith(this.#ours)) this.bridged.add(chat);
  }

  #takeReaction(event: MatrixEvent, chat: string): void {
    const text = event.content['m.relates_to']?.key ?? '';
    this.#add(event, {
      what: 'reaction',
      chat,
      sender: event.sender,
      text,
      of: this.#target(event),
    });
  }

  #takeEdit(event: MatrixEvent, chat: string): void {
    const text = event.content['m.new_content']?.body ?? '';
    this.#add(event, { what: 'edit', chat, sender: event.sender, text, of: this.#target(event) });
  }

  #target({ content }: MatrixEvent): string {
    const id = content['m.relates_to']?.event_id ?? '';
    return this.#texts.get(id) ?? `an unknown event ${id}`;
  }

  #takeMessage(event: MatrixEvent, chat: string): void {
    const text = plain(event.content.body);
    const { event_id: id, sender } = event;
    const speaker = this.#isOurs(event) ? {} : { speaker: nameOf(sender) };
    push(this.messages, chat, { id, text, chat, ...speaker });
    this.#add(event, { what: 'message', chat, sender, text });
  }

  #takeNotice({ event_id: id, content }: MatrixEvent): void {
    const relation = content['m.relates_to'] ?? {};
    const about = this.#notices.get(relation.event_id ?? '') ?? relation['m.in_reply_to']?.event_id;
    if (about === undefined) return;
    this.#notices.set(id, about);
    const text = this.#texts.get(about) ?? about;
    const words = content['m.new_content']?.body ?? content.body ?? '';
    if (words.includes('after all')) this.told.delete(text);
    else this.told.set(text, words.includes('unknown') ? 'unknown' : 'failed');
  }

  #add(event: MatrixEvent, what: Said): void {
    this.#texts.set(event.event_id, what.text);
    if (this.#isOurs(event)) this.arrived.push(what);
    else this.said.push({ ...what, sender: nameOf(what.sender) });
  }

  #isOurs({ sender }: MatrixEvent): boolean {
    return sender.startsWith(this.#ours);
  }
}

const nameOf = (userId: string) => userId.slice(1, userId.indexOf(':'));

/** What the core says where it cannot edit or react: see what became of the words, not how. */
const plain = (body = '') => body.replace(/^(\* |reacted with )/, '');
