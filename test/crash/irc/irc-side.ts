import { setTimeout as wait } from 'node:timers/promises';
import { IrcPerson } from '../../live/support/irc-person.ts';
import type { Saying, Side } from '../side.ts';
import { ChannelLog } from './channel-log.ts';

const pollMs = 5;

/** People with plain IRC clients, and one who only listens: what that one hears is the log. */
export class IrcSide implements Side {
  readonly name = 'IRC';
  readonly chats: readonly string[];
  readonly #people = new Map<string, IrcPerson>();
  readonly #witness: IrcPerson;
  readonly #log = new ChannelLog();
  #read = 0;
  #isThere = true;

  private constructor(witness: IrcPerson, chats: readonly string[]) {
    this.#witness = witness;
    this.chats = chats;
  }

  static async enter(
    port: number,
    { names, chats }: { readonly names: readonly string[]; readonly chats: readonly string[] },
  ): Promise<IrcSide> {
    const side = new IrcSide(await IrcPerson.enter(port, 'witness'), chats);
    await side.#join(side.#witness);
    // A channel in which nothing was ever said tells nothing of how far back it knows.
    for (const chat of chats) side.#witness.raw(`NOTICE #${chat} :I am listening`);
    const people = await Promise.all(names.map((name) => IrcPerson.enter(port, name)));
    await Promise.all(people.map((person) => side.#join(person)));
    for (const person of people) side.#people.set(person.nick, person);
    return side;
  }

  get people(): readonly string[] {
    return [...this.#people.keys()];
  }

  /** Its server was killed. What it had taken and given to nobody is gone. */
  async serverGone(): Promise<void> {
    this.#isThere = false;
    while (this.#witness.isConnected) await wait(pollMs);
    this.record().serverGone(this.chats);
  }

  /** Resolves once whoever listens is back, before anybody speaks. */
  async comeBack(): Promise<void> {
    // Some servers let people in once a second only.
    const people = [...this.#people.values()].map((person) =>
      person.reconnect().then(() => person),
    );
    await this.#witness.reconnect();
    await this.#join(this.#witness);
    for (const person of await Promise.all(people)) await this.#join(person);
    this.#isThere = true;
  }

  /** Resolves once it was heard: then it stands in the server's order. */
  async say(person: string, { chat, text }: Saying): Promise<void> {
    const speaker = this.#people.get(person);
    if (!this.#isThere || !speaker?.isConnected) throw new Error('the server is away');
    speaker.say(`#${chat}`, text);
    while (!this.record().hasHeard(text)) {
      if (!this.#isThere || !speaker.isConnected) throw new Error('the server went away');
      await wait(pollMs);
    }
  }

  record(): ChannelLog {
    const { lines } = this.#witness;
    for (const line of lines.slice(this.#read)) this.#log.take(line);
    this.#read = lines.length;
    return this.#log;
  }

  quit(): void {
    for (const person of [this.#witness, ...this.#people.values()]) person.quit();
  }

  async #join(person: IrcPerson): Promise<void> {
    for (const chat of this.chats) await person.join(`#${chat}`);
  }
}
