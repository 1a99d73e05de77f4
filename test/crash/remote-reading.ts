import { type Arrived, removalOf, type Said } from './crossing.ts';
import { push, type SideRecord, type Thing } from './side.ts';

/** A line of the loopback network's log, as far as this reads it. */
export interface LogLine {
  readonly type: string;
  readonly sender?: string;
  /** The bot that did it for somebody. */
  readonly via?: string;
  readonly guise?: { readonly name: string };
  readonly chat?: string;
  readonly id?: string;
  readonly text?: string;
  readonly target?: string;
  readonly emoji?: string;
  readonly removed?: boolean;
}

/** Makes of the network's log what people said and what the bridge put there. */
export class RemoteReading implements SideRecord {
  readonly said: Said[] = [];
  readonly arrived: Arrived[] = [];
  readonly told = new Map<string, never>();
  readonly toldTwice = new Set<string>();
  readonly things = new Map<string, Thing[]>();
  readonly #texts = new Map<string, string>();
  /** Under which name a message stands there: of all that a relay does, only some carries one. */
  readonly #names = new Map<string, string>();

  take(line: LogLine): void {
    const { type, chat } = line;
    if (chat === undefined || line.sender === undefined) return;
    if (type === 'message') this.#takeMessage(line, chat);
    else if (type === 'edit') this.#takeEdit(line, chat);
    else if (type === 'removal') this.#takeRemoval(line, chat, this.#textOf(line.target));
    else if (type !== 'reaction') return;
    else if (line.removed) this.#takeRemoval(line, chat, line.emoji ?? '');
    else this.#takeReaction(line, chat);
  }

  #takeMessage(line: LogLine, chat: string): void {
    const { id = '' } = line;
    const text = plain(line);
    const isLate = late.test(line.text ?? '') && { isLate: true as const };
    this.#texts.set(id, text);
    this.#names.set(id, shownName(line));
    this.#stands(line, { what: 'message', id, text, chat });
    this.#add(line, { what: 'message', text, chat, ...isLate });
  }

  #takeEdit(line: LogLine, chat: string): void {
    this.#add(line, { what: 'edit', text: plain(line), chat, of: this.#textOf(line.target) });
  }

  #takeRemoval(line: LogLine, chat: string, of: string): void {
    this.#add(line, { what: 'removal', text: removalOf(of), chat, of });
  }

  #takeReaction(line: LogLine, chat: string): void {
    const { emoji: text = '', target: on = '' } = line;
    this.#stands(line, { what: 'reaction', id: text, text, chat, on });
    this.#add(line, { what: 'reaction', text, chat, of: this.#textOf(on) });
  }

  #textOf(id = ''): string {
    return this.#texts.get(id) ?? `an unknown message ${id}`;
  }

  #stands({ via, sender }: LogLine, thing: Omit<Thing, 'speaker'>): void {
    const speaker = via === undefined && sender !== undefined ? { speaker: sender } : {};
    push(this.things, thing.chat, { ...thing, ...speaker });
  }

  #add(line: LogLine, thing: Omit<Arrived, 'sender'>): void {
    const isRelay = line.via !== undefined && line.via === line.sender;
    const known = isRelay && !line.guise ? this.#names.get(line.target ?? '') : undefined;
    const all = line.via === undefined ? this.said : this.arrived;
    all.push({ ...thing, sender: known ?? shownName(line) });
  }
}

const shownName = ({ guise, sender = '' }: LogLine): string => guise?.name ?? sender;

/** What the core puts before words that come late: `[12:34 UTC] `. */
const late = /^\[(\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\] /;

/** What the core says where it cannot edit or react: see what became of the words, not how. */
const plain = ({ text = '' }: LogLine) =>
  text.replace(late, '').replace(/^(\* |reacted with )/, '');
