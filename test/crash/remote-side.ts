import { join } from 'node:path';
import { JsonLog } from './json-log.ts';
import type { Arrived, Said } from './judge.ts';
import { ask, type Message, push, type Saying, type Side, type SideRecord } from './side.ts';

/** A line of the loopback network's log, as far as this reads it. */
interface LogLine {
  readonly type: string;
  readonly sender?: string;
  readonly via?: string;
  readonly chat?: string;
  readonly id?: string;
  readonly text?: string;
  readonly style?: string;
  readonly target?: string;
  readonly emoji?: string;
  readonly removed?: boolean;
}

/** The loopback network: people with clients of their own, and its log on disk. */
export class RemoteSide implements Side {
  readonly name = 'network';
  readonly #url: string;
  readonly #log: JsonLog<LogLine>;
  readonly #tokens = new Map<string, string>();
  readonly #reading = new Reading();

  constructor(url: string, dir: string) {
    this.#url = url;
    this.#log = new JsonLog(join(dir, 'log.jsonl'));
  }

  get people(): readonly string[] {
    return [...this.#tokens.keys()];
  }

  async enter(person: string, chats: readonly string[]): Promise<void> {
    const body = { id: person };
    const { token } = await ask<{ token: string }>(`${this.#url}/accounts`, {
      method: 'POST',
      body,
    });
    this.#tokens.set(person, token);
    for (const chat of chats) {
      await this.#as(person, 'POST', `/chats/${chat}/members/me`, { is: 'in' });
    }
  }

  async say(person: string, { what, chat, text, target }: Saying): Promise<void> {
    const messages = `/chats/${chat}/messages`;
    if (what === 'message') await this.#as(person, 'POST', messages, { text });
    else if (what === 'edit') await this.#as(person, 'PUT', `${messages}/${target}`, { text });
    else {
      const body = { emoji: text, removed: false };
      await this.#as(person, 'POST', `${messages}/${target}/reactions`, body);
    }
  }

  record(): SideRecord {
    this.#reading.read(this.#log.read());
    return this.#reading;
  }

  isThere(): Promise<boolean> {
    const answers = fetch(this.#url, { signal: AbortSignal.timeout(1000) });
    return answers.then(
      () => true,
      () => false,
    );
  }

  #as(person: string, method: string, path: string, body: unknown): Promise<unknown> {
    return ask(this.#url + path, { method, body, token: this.#tokens.get(person) ?? '' });
  }
}

class Reading implements SideRecord {
  readonly said: Said[] = [];
  readonly arrived: Arrived[] = [];
  readonly told = new Map<string, never>();
  readonly messages = new Map<string, Message[]>();
  readonly #texts = new Map<string, string>();
  #next = 0;

  read(lines: readonly LogLine[]): void {
    for (const line of lines.slice(this.#next)) this.#take(line);
    this.#next = lines.length;
  }

  #take(line: LogLine): void {
    const { type, chat, sender, target } = line;
    if (chat === undefined || sender === undefined) return;
    const of = this.#texts.get(target ?? '') ?? `an unknown message ${target}`;
    if (type === 'message') this.#takeMessage({ ...line, chat, sender });
    else if (type === 'edit')
      this.#add(line, { what: 'edit', chat, sender, text: plain(line), of });
    else if (type === 'reaction' && line.removed === false) {
      this.#add(line, { what: 'reaction', chat, sender, text: line.emoji ?? '', of });
    }
  }

  #takeMessage(line: LogLine & { chat: string; sender: string }): void {
    const { chat, sender, id = '' } = line;
    const text = plain(line);
    this.#texts.set(id, text);
    const speaker = line.via === undefined ? { speaker: sender } : {};
    push(this.messages, chat, { id, text, chat, ...speaker });
    this.#add(line, { what: 'message', chat, sender, text });
  }

  #add({ via }: LogLine, what: Said): void {
    (via === undefined ? this.said : this.arrived).push(what);
  }
}

/** What the core says where it cannot edit or react: see what became of the words, not how. */
const plain = ({ text = '' }: LogLine) => text.replace(/^(\* |reacted with )/, '');
