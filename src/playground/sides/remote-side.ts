import { setTimeout as wait } from 'node:timers/promises';
import type {
  LoopbackLogEntry,
  LoopbackNetwork,
  LoopbackPerson,
} from '../../testing/loopback-network/index.ts';
import { Board, type Person, Refused, type Side } from './board.ts';
import { type Account, homeOf, speakerOf, toChanges } from './remote-events.ts';

const POLL_MS = 25_000;
const RETRY_MS = 1000;
const TYPING_MS = 8000;

export interface RemoteSideOptions {
  readonly network: Pick<LoopbackNetwork, 'log'>;
  readonly chat: string;
  /** The people that the page types as. The first one also listens. */
  readonly people: readonly [LoopbackPerson, ...LoopbackPerson[]];
}

/** The chat of the loopback network: spoken in as its people do, read from its log. */
export class RemoteSide implements Side {
  readonly name = 'remote';
  readonly board = new Board();
  readonly #options: RemoteSideOptions;
  readonly #accounts = new Map<string, Account>();
  readonly #here = new Set<string>();
  /** Of whom the network was told so by this side. */
  readonly #toldTyping = new Set<string>();
  /** Who is typing, until when. */
  readonly #typing = new Map<string, NodeJS.Timeout>();
  readonly #closing = new AbortController();
  #following: Promise<void> = Promise.resolve();
  #read = 0;

  constructor(options: RemoteSideOptions) {
    this.#options = options;
  }

  open(): void {
    this.#readOn();
    this.#following = this.#follow();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#typing.values()) clearTimeout(timer);
    await this.#following;
  }

  async say(as: string, text: string, replyTo?: string): Promise<string> {
    const more = replyTo === undefined ? {} : { replyTo };
    const id = await this.#person(as).say(this.#options.chat, text, more);
    if (this.#toldTyping.delete(as)) await this.#person(as).typing(this.#options.chat, 0);
    return id;
  }

  async edit(as: string, line: string, text: string): Promise<void> {
    await this.#person(as).edit(this.#options.chat, line, text);
  }

  async remove(as: string, line: string): Promise<void> {
    await this.#person(as).remove(this.#options.chat, line);
  }

  async react(as: string, line: string, emoji: string): Promise<void> {
    const reactions = this.board.line(line)?.reactions ?? [];
    const isThere = reactions.some((each) => each.by === as && each.emoji === emoji);
    await this.#person(as).react(this.#options.chat, line, emoji, isThere);
  }

  async typing(as: string): Promise<void> {
    this.#toldTyping.add(as);
    await this.#person(as).typing(this.#options.chat, TYPING_MS);
  }

  async readLog() {
    return this.#options.network
      .log()
      .filter((entry) => 'chat' in entry && entry.chat === this.#options.chat)
      .flatMap((entry) => toChanges(entry, this.#accounts))
      .filter((change) => change.kind === 'said');
  }

  #person(as: string): LoopbackPerson {
    const person = this.#options.people.find(({ id }) => id === as);
    if (person === undefined) throw new Refused(`Nobody here can speak as ${as}`);
    return person;
  }

  /** The feed of one of its people says when there is news; the log says all of it. */
  async #follow(): Promise<void> {
    const [listener] = this.#options.people;
    const { signal } = this.#closing;
    const closed = new Promise<undefined>((resolve) =>
      signal.addEventListener('abort', () => resolve(undefined)),
    );
    while (!signal.aborted) {
      try {
        const page = await Promise.race([listener.events(this.#read, POLL_MS), closed]);
        this.#readOn();
        for (const hint of page?.hints ?? [])
          if (hint.chat === this.#options.chat && 'forMs' in hint)
            this.#setTyping(hint.user, hint.forMs);
      } catch {
        await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #readOn(): void {
    const fresh = this.#options.network.log().slice(this.#read);
    this.#read += fresh.length;
    for (const entry of fresh) this.#take(entry);
  }

  #take(entry: LoopbackLogEntry): void {
    if (entry.type === 'account')
      this.#setAccount(entry.id, { kind: entry.kind, name: entry.displayName });
    else if (entry.type === 'profile') this.#rename(entry.user, entry.displayName);
    else if (entry.type === 'account-gone') this.#setHere(entry.id, false);
    if (!('chat' in entry) || entry.chat !== this.#options.chat) return;
    if (entry.type === 'member') this.#setHere(entry.who, entry.is === 'in');
    if (entry.type === 'message') this.#meet(entry);
    for (const change of toChanges(entry, this.#accounts)) this.board.apply(change);
  }

  /** Somebody that a bot speaks for is known from what is said for them. */
  #meet({ sender, guise }: LoopbackLogEntry & { type: 'message' }): void {
    this.#setTyping(sender, 0);
    if (guise === undefined) return;
    const id = speakerOf({ sender, guise });
    const person = { id, name: guise.name, home: 'matrix', isHere: true, maySpeak: false } as const;
    this.board.setPerson(person);
  }

  #rename(id: string, name: string): void {
    const account = this.#accounts.get(id);
    if (account !== undefined) this.#setAccount(id, { ...account, name });
  }

  #setAccount(id: string, account: Account): void {
    this.#accounts.set(id, account);
    if (this.board.people.some((person) => person.id === id)) this.#show(id);
  }

  #setHere(id: string, isHere: boolean): void {
    if (isHere) this.#here.add(id);
    else if (!this.#here.delete(id)) return;
    this.#show(id);
  }

  #show(id: string): void {
    const account = this.#accounts.get(id);
    if (account === undefined) return;
    const person: Person = {
      ...{ id, name: account.name, home: homeOf(account) },
      isHere: this.#here.has(id),
      maySpeak: this.#options.people.some((each) => each.id === id),
    };
    this.board.setPerson(person);
  }

  #setTyping(user: string, forMs: number): void {
    clearTimeout(this.#typing.get(user));
    this.#typing.delete(user);
    if (forMs > 0) {
      const over = setTimeout(() => this.#setTyping(user, 0), forMs).unref();
      this.#typing.set(user, over);
    }
    this.board.setTyping([...this.#typing.keys()]);
  }
}
