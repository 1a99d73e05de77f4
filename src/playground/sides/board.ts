import { type ChatChange, ChatLog, type Line } from './chat-log.ts';

export type SideName = 'matrix' | 'remote';

/** Somebody who is or was in a chat. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** Where they really are. `bridge`: the bridge's own bot. */
  readonly home: SideName | 'bridge';
  readonly isHere: boolean;
  /** Whether the page may type as them. */
  readonly maySpeak: boolean;
}

/** What becomes of a side, told to whoever watches. */
export interface BoardWatcher {
  /** Each change once, in order, also those of the past. */
  changed?(change: ChatChange): void;
  line?(line: Line): void;
  people?(people: readonly Person[]): void;
  typing?(who: readonly string[]): void;
}

/** As many lines of a side as the page is shown. */
const KEPT_LINES = 400;

/** One side as it is now: its newest lines, its people, who is typing. */
export class Board {
  readonly #log = new ChatLog(KEPT_LINES);
  readonly #people = new Map<string, Person>();
  readonly #watchers = new Set<BoardWatcher>();
  #typing: readonly string[] = [];

  get lines(): readonly Line[] {
    return this.#log.lines;
  }

  get people(): readonly Person[] {
    return [...this.#people.values()].sort(byPlace);
  }

  line(id: string): Line | undefined {
    return this.#log.line(id);
  }

  watch(watcher: BoardWatcher): void {
    this.#watchers.add(watcher);
  }

  apply(change: ChatChange): void {
    for (const watcher of this.#watchers) watcher.changed?.(change);
    const line = this.#log.apply(change);
    if (line === undefined) return;
    for (const watcher of this.#watchers) watcher.line?.(line);
  }

  setPerson(person: Person): void {
    const old = this.#people.get(person.id);
    if (old !== undefined && JSON.stringify(old) === JSON.stringify(person)) return;
    this.#people.set(person.id, person);
    for (const watcher of this.#watchers) watcher.people?.(this.people);
  }

  setTyping(who: readonly string[]): void {
    if (who.join() === this.#typing.join()) return;
    this.#typing = who;
    for (const watcher of this.#watchers) watcher.typing?.(who);
  }
}

/** Those one can type as come first, the bridge's bot last. */
function byPlace(one: Person, other: Person): number {
  return placeOf(one) - placeOf(other) || one.name.localeCompare(other.name);
}

function placeOf({ maySpeak, home }: Person): number {
  if (maySpeak) return 0;
  return home === 'bridge' ? 2 : 1;
}

/** Who speaks, and what they do: asked for on the page, or by the demonstration. */
export interface Side {
  readonly name: SideName;
  readonly board: Board;
  /** Resolves, with its id, once the side has it. */
  say(as: string, text: string, replyTo?: string): Promise<string>;
  edit(as: string, line: string, text: string): Promise<void>;
  remove(as: string, line: string): Promise<void>;
  /** Puts the emoji on the line, or takes it away again. */
  react(as: string, line: string, emoji: string): Promise<void>;
  typing(as: string): Promise<void>;
  /** Every text in the side's own log, oldest first, as it was said first: who, and whether by the bridge. */
  readLog(): Promise<readonly { readonly text: string; readonly bridged: boolean }[]>;
}

/** What was asked for cannot be done, and why, for whoever asked. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
