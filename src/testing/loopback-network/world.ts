import { Problem } from './problem.ts';
import type { Guise, LogEntry, LogEntryOf, Membership, Words } from './record.ts';

/** Somebody who may act: a person, or a bot for an account, under the bot's own name for it. */
export interface Actor {
  readonly account: Account;
  readonly via?: string;
  readonly ref?: string;
}

/** An account that a bot acts for. */
export interface Client {
  readonly account: Account;
  readonly token: string;
}

export interface Account {
  readonly id: string;
  readonly kind: 'person' | 'enlisted' | 'bot';
  displayName: string;
}

export interface Chat {
  readonly id: string;
  readonly kind: 'group' | 'direct';
  name?: string;
  topic?: string;
  readonly members: Map<string, Exclude<Membership, 'out'>>;
  readonly messages: Message[];
}

/** A message as it is now. */
export interface Message {
  readonly entry: LogEntryOf<'message'>;
  words: Words;
  removed: boolean;
  /** Who put which emoji: the newest word on each. */
  readonly reactions: Set<string>;
}

/** What the log adds up to. Only `apply` changes it, so a replay ends where the network stood. */
export class World {
  readonly accounts = new Map<string, Account>();
  /** Every id there ever was: nobody inherits the words of somebody who has gone. */
  readonly #taken = new Set<string>(['me']);
  readonly chats = new Map<string, Chat>();
  readonly messages = new Map<string, Message>();
  readonly #actors = new Map<string, Actor>();
  /** By bot and ref; and the refs by bot and account, so that asking costs nothing. */
  readonly #clients = new Map<string, Client>();
  readonly #refs = new Map<string, Set<string>>();
  readonly #keys = new Map<string, string>();
  /** Changes of who is in a chat, by who made them and their key. */
  readonly #changes = new Set<string>();

  readonly #appliers: { readonly [T in LogEntry['type']]: (entry: LogEntryOf<T>) => void } = {
    account: (entry) => this.#addAccount(entry),
    'account-gone': ({ id }) => this.#forgetAccount(id),
    token: (entry) => this.#addToken(entry),
    'token-gone': ({ token }) => this.#forgetToken(token),
    profile: ({ user, displayName }) => {
      this.account(user).displayName = displayName;
    },
    chat: (entry) => this.#applyChat(entry),
    member: (entry) => this.#applyMember(entry),
    message: (entry) => this.#applyMessage(entry),
    edit: (entry) => {
      this.message(entry.target).words = wordsOf(entry);
    },
    removal: ({ target }) => {
      this.message(target).removed = true;
    },
    reaction: (entry) => this.#applyReaction(entry),
  };

  apply(entry: LogEntry): void {
    const applier = this.#appliers[entry.type] as (entry: LogEntry) => void;
    applier(entry);
  }

  account(id: string): Account {
    const account = this.accounts.get(id);
    if (!account) throw new Problem(404, 'unknown_user', `There is no user ${id}`);
    return account;
  }

  isTaken(id: string): boolean {
    return this.#taken.has(id);
  }

  chat(id: string): Chat {
    const chat = this.chats.get(id);
    if (!chat) throw new Problem(404, 'unknown_chat', `There is no chat ${id}: join it first`);
    return chat;
  }

  message(id: string): Message {
    const message = this.messages.get(id);
    if (!message) throw new Problem(404, 'unknown_message', `There is no message ${id}`);
    return message;
  }

  actor(token: string): Actor | undefined {
    return this.#actors.get(token);
  }

  client(bot: string, ref: string): Client | undefined {
    return this.#clients.get(place(bot, ref));
  }

  /** A bot's own names for an account that it acts for. None: it does not. */
  refsOf(bot: string, account: string): readonly string[] {
    return [...(this.#refs.get(place(bot, account)) ?? [])];
  }

  byKey(sender: string, key: string): string | undefined {
    return this.#keys.get(place(sender, key));
  }

  isChanged(sender: string, key: string): boolean {
    return this.#changes.has(place(sender, key));
  }

  #addAccount({ id, kind, displayName }: LogEntryOf<'account'>): void {
    this.accounts.set(id, { id, kind, displayName });
    this.#taken.add(id);
  }

  #addToken({ account: id, token, via, ref }: LogEntryOf<'token'>): void {
    const account = this.account(id);
    this.#actors.set(token, { account, ...(via && { via }), ...(ref && { ref }) });
    if (!via || !ref) return;
    this.#clients.set(place(via, ref), { account, token });
    const at = place(via, id);
    this.#refs.set(at, (this.#refs.get(at) ?? new Set()).add(ref));
  }

  #forgetToken(token: string): void {
    const { account, via, ref } = this.#actors.get(token) ?? {};
    this.#actors.delete(token);
    if (!account || !via || !ref) return;
    this.#clients.delete(place(via, ref));
    this.#refs.get(place(via, account.id))?.delete(ref);
  }

  #forgetAccount(id: string): void {
    this.accounts.delete(id);
    for (const [token, { account }] of this.#actors)
      if (account.id === id) this.#forgetToken(token);
    for (const { members } of this.chats.values()) members.delete(id);
  }

  #applyChat({ chat: id, kind, name, topic, members = [] }: LogEntryOf<'chat'>): void {
    const chat: Chat = this.chats.get(id) ?? { id, kind, members: new Map(), messages: [] };
    this.chats.set(id, chat);
    for (const who of members) chat.members.set(who, 'in');
    if (name !== undefined) chat.name = name;
    if (topic !== undefined) chat.topic = topic;
  }

  #applyMember({ chat, who, is, sender, key }: LogEntryOf<'member'>): void {
    if (key !== undefined) this.#changes.add(place(sender, key));
    const { members } = this.chat(chat);
    if (is === 'out' || is === 'unbanned') members.delete(who);
    else members.set(who, is);
  }

  #applyMessage(entry: LogEntryOf<'message'>): void {
    const words = wordsOf(entry);
    const message: Message = { entry, words, removed: false, reactions: new Set() };
    this.messages.set(entry.id, message);
    this.chat(entry.chat).messages.push(message);
    const at = place(entry.sender, entry.key);
    if (entry.key !== undefined && !this.#keys.has(at)) this.#keys.set(at, entry.id);
  }

  #applyReaction(entry: LogEntryOf<'reaction'>): void {
    const { reactions } = this.message(entry.target);
    const mark = markOf(entry.sender, entry.emoji, entry.guise);
    if (entry.removed) reactions.delete(mark);
    else reactions.add(mark);
  }
}

/** Ids hold no slash, so no two places are the same. */
const place = (id: string, rest: string | undefined) => `${id}/${rest ?? ''}`;

export const markOf = (sender: string, emoji: string, guise: Guise | undefined) =>
  JSON.stringify([sender, emoji, guise?.name]);

export const wordsOf = ({ text, html, style }: Words): Words => ({
  text,
  ...(html !== undefined && { html }),
  ...(style && { style }),
});
