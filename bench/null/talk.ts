const REST = ' the quick brown fox jumps over the lazy dog, twice a day';

/** Numbered words: `c7#12 the quick…` is the thirteenth thing said in chat `c7`. */
export class Talk {
  readonly #next = new Map<string, number>();

  say(chat: string): string {
    const number = this.#next.get(chat) ?? 0;
    this.#next.set(chat, number + 1);
    return `${chat}#${number}${REST}`;
  }
}

/** What tells one message from all others. */
export const keyOf = (text: string): string => text.slice(0, text.indexOf(' '));

interface Chat {
  highest: number;
  readonly missing: Set<number>;
}

/** What one side has seen of the numbered words: how many, and whether the order was kept. */
export class Listener {
  readonly #chats = new Map<string, Chat>();
  count = 0;
  /** Came after a later one. */
  late = 0;
  repeated = 0;

  hear(text: string): void {
    const at = text.indexOf('#');
    const number = Number.parseInt(text.slice(at + 1), 10);
    if (at <= 0 || Number.isNaN(number)) return;
    this.count++;
    const chat = this.#chatOf(text.slice(0, at));
    if (number > chat.highest) {
      for (let skipped = chat.highest + 1; skipped < number; skipped++) chat.missing.add(skipped);
      chat.highest = number;
    } else if (chat.missing.delete(number)) this.late++;
    else this.repeated++;
  }

  /** Of those before the last in each chat. */
  get missing(): number {
    return [...this.#chats.values()].reduce((sum, { missing }) => sum + missing.size, 0);
  }

  #chatOf(name: string): Chat {
    const known = this.#chats.get(name);
    if (known) return known;
    const made: Chat = { highest: -1, missing: new Set() };
    this.#chats.set(name, made);
    return made;
  }
}
