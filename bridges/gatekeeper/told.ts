/** A message as the hub counts it. */
export interface Counted {
  readonly id: string;
  readonly msg_id: string;
  readonly seq: number;
}

/** So many of each conversation are remembered: receipts are of what is new. */
const REMEMBERED = 200;

/** Which message of the hub is which container, in both directions: receipts name the one, and what is said the other. */
export class Told {
  readonly #chats = new Map<string, Counted[]>();

  said(chat: string, counted: Counted): void {
    const known = this.#chats.get(chat) ?? [];
    this.#chats.set(chat, [...known, counted].slice(-REMEMBERED));
  }

  /** By the id of the container. */
  countedAs(chat: string, id: string): Counted | undefined {
    return this.#chats.get(chat)?.findLast((one) => one.id === id);
  }

  /** The newest that a receipt covers. */
  upTo(chat: string, seq: number): Counted | undefined {
    return this.#chats.get(chat)?.findLast((one) => one.seq <= seq);
  }
}
