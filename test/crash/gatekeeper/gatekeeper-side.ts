import { setTimeout as wait } from 'node:timers/promises';
import type { AliceClient } from '../../../gatekeeper/client/client.ts';
import type { Said } from '../../../gia/index.ts';
import type { Saying, Side } from '../side.ts';
import { GatekeeperReading } from './reading.ts';

const pollMs = 10;

/** Somebody of each side, who have one private chat with each other, called by both. */
export interface Pair {
  readonly here: string;
  readonly there: string;
  readonly chat: string;
}

/** People over there, each with the headless client: what those have heard, each thing once, is the log. */
export class GatekeeperSide implements Side {
  readonly name = 'the gatekeeper';
  readonly people: readonly string[];
  readonly #clients = new Map<string, AliceClient>();
  readonly #conversations = new Map<string, { readonly chat: string; readonly here: string }>();
  readonly #reading = new GatekeeperReading();
  readonly #ending = new AbortController();
  readonly troubles: string[] = [];

  constructor(clients: ReadonlyMap<string, AliceClient>) {
    this.people = [...clients.keys()];
    this.#clients = new Map(clients);
    for (const client of clients.values())
      this.#listen(client).catch((error: Error) => this.troubles.push(String(error.stack)));
  }

  /** The conversation of a pair, from now on. */
  learn({ chat, here }: Pair, conversation: string): void {
    this.#conversations.set(conversation, { chat, here });
  }

  /** The reference of somebody, for the name of their ghost. */
  refOf(person: string): string {
    return this.#client(person).user.user_ref;
  }

  begin(person: string, peer: string, suite: 'mls10/1' | 'e2b/1'): Promise<string> {
    return this.#client(person).talkTo(peer, suite);
  }

  /** Resolves once the gatekeeper has taken it. */
  async say(person: string, { chat, what, text, target }: Saying): Promise<void> {
    const client = this.#client(person);
    const said = saidOf(what, text, target?.id ?? '');
    const [conversation = ''] =
      [...this.#conversations].find(([, known]) => known.chat === chat) ?? [];
    const id = await client.say(conversation, said);
    this.#reading.saidHere({ chat, person }, id, said);
    await client.settled();
  }

  record(): GatekeeperReading {
    return this.#reading;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    for (const client of this.#clients.values()) await client.close();
  }

  async #listen(client: AliceClient): Promise<void> {
    for await (const { told } of client.heard(0, this.#ending.signal)) {
      while (!this.#conversations.has(told.conversation)) await wait(pollMs);
      const known = this.#conversations.get(told.conversation);
      if (known && told.from !== client.user.user_ref)
        this.#reading.heard(known.chat, known.here, told);
    }
  }

  #client(person: string): AliceClient {
    const client = this.#clients.get(person);
    if (!client) throw new Error(`there is no ${person}`);
    return client;
  }
}

function saidOf(what: Saying['what'], text: string, target: string): Said {
  const items = [{ kind: 'text', format: 'plain', text }] as const;
  switch (what) {
    case 'edit':
      return { kind: 'edit', of: target, items };
    case 'reaction':
      return { kind: 'reaction', to: target, keys: [text] };
    case 'removal':
      return { kind: 'removal', of: target, what: 'message' };
    case 'message':
    case 'unsupported':
      return { kind: 'message', items };
  }
}
