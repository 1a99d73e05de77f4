import { type Arrived, type Outcome, removalOf, type Said } from './crossing.ts';
import { push, type SideRecord, type Thing } from './side.ts';

export interface MatrixEvent {
  readonly event_id: string;
  readonly type: string;
  readonly sender: string;
  readonly room_id: string;
  readonly state_key?: string;
  readonly content: {
    readonly membership?: string;
    readonly msgtype?: string;
    readonly body?: string;
    readonly redacts?: string;
    readonly 'm.new_content'?: { readonly body?: string };
    readonly 'm.relates_to'?: {
      readonly rel_type?: string;
      readonly event_id?: string;
      readonly key?: string;
      readonly 'm.in_reply_to'?: { readonly event_id: string };
    };
  };
}

/** A poll: nothing that the bridge can say on any network yet. */
export const unsupportedType = 'org.matrix.msc3381.poll.start';

/** Makes of a homeserver's events what people said and what the bridge put there. */
export class MatrixReading implements SideRecord {
  readonly said: Said[] = [];
  readonly arrived: Arrived[] = [];
  readonly told = new Map<string, Outcome>();
  readonly toldTwice = new Set<string>();
  readonly things = new Map<string, Thing[]>();
  readonly bridged = new Set<string>();
  readonly #rooms: ReadonlyMap<string, string>;
  readonly #ours: string;
  readonly #texts = new Map<string, string>();
  /** What a notice is about, so that an edit of the notice is understood. */
  readonly #notices = new Map<string, string>();

  /** @param rooms by chat. @param prefix how the names of the bridge's own users begin. */
  constructor(rooms: ReadonlyMap<string, string>, prefix: string) {
    this.#rooms = rooms;
    this.#ours = `@${prefix}`;
  }

  take(event: MatrixEvent): void {
    const chat = [...this.#rooms].find(([, room]) => room === event.room_id)?.[0];
    if (chat === undefined) return;
    if (event.type === 'm.room.member') this.#takeMember(event, chat);
    else if (event.type === 'm.reaction') this.#takeReaction(event, chat);
    else if (event.type === 'm.room.redaction') this.#takeRedaction(event, chat);
    else if (event.type === unsupportedType) this.#takeUnsupported(event, chat);
    else if (event.type !== 'm.room.message') return;
    else if (event.content.msgtype === 'm.notice') this.#takeNotice(event);
    else if (event.content['m.relates_to']?.rel_type === 'm.replace') this.#takeEdit(event, chat);
    else this.#takeMessage(event, chat);
  }

  #takeMember({ sender, content }: MatrixEvent, chat: string): void {
    if (content.membership === 'join' && this.#isOurs(sender)) this.bridged.add(chat);
  }

  #takeReaction(event: MatrixEvent, chat: string): void {
    const { key: text = '', event_id: on = '' } = event.content['m.relates_to'] ?? {};
    this.#stands(event, { what: 'reaction', text, chat, on });
    this.#add(event, { what: 'reaction', text, chat, of: this.#textOf(on) });
  }

  #takeRedaction(event: MatrixEvent, chat: string): void {
    const of = this.#textOf(event.content.redacts ?? '');
    this.#add(event, { what: 'removal', text: removalOf(of), chat, of });
  }

  #takeEdit(event: MatrixEvent, chat: string): void {
    const text = event.content['m.new_content']?.body ?? '';
    const of = this.#textOf(event.content['m.relates_to']?.event_id ?? '');
    this.#add(event, { what: 'edit', text, chat, of });
  }

  #takeUnsupported(event: MatrixEvent, chat: string): void {
    this.#add(event, { what: 'unsupported', text: event.content.body ?? '', chat });
  }

  #takeMessage(event: MatrixEvent, chat: string): void {
    const text = plain(event.content.body);
    this.#stands(event, { what: 'message', text, chat });
    this.#add(event, { what: 'message', text, chat });
  }

  #takeNotice({ event_id: id, content }: MatrixEvent): void {
    const relation = content['m.relates_to'] ?? {};
    const edited = this.#notices.get(relation.event_id ?? '');
    const about = edited ?? relation['m.in_reply_to']?.event_id;
    if (about === undefined) return;
    this.#notices.set(id, about);
    const text = this.#texts.get(about) ?? about;
    const words = content['m.new_content']?.body ?? content.body ?? '';
    if (edited === undefined && this.told.has(text)) this.toldTwice.add(text);
    if (words.includes('after all')) this.told.delete(text);
    else this.told.set(text, words.startsWith('It is unknown') ? 'unknown' : 'failed');
  }

  #textOf(eventId: string): string {
    return this.#texts.get(eventId) ?? `an unknown event ${eventId}`;
  }

  #stands({ event_id: id, sender }: MatrixEvent, thing: Omit<Thing, 'id' | 'speaker'>): void {
    const speaker = this.#isOurs(sender) ? {} : { speaker: nameOf(sender) };
    push(this.things, thing.chat, { ...thing, id, ...speaker });
  }

  #add({ event_id, sender }: MatrixEvent, thing: Omit<Said, 'sender'>): void {
    this.#texts.set(event_id, thing.text);
    if (this.#isOurs(sender)) this.arrived.push({ ...thing, sender });
    else this.said.push({ ...thing, sender: nameOf(sender) });
  }

  #isOurs(sender: string): boolean {
    return sender.startsWith(this.#ours);
  }
}

const nameOf = (userId: string) => userId.slice(1, userId.indexOf(':'));

/** What the core says where it cannot edit or react: see what became of the words, not how. */
const plain = (body = '') => body.replace(/^(\* |reacted with )/, '');
