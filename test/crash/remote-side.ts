import { join } from 'node:path';
import { JsonLog } from './json-log.ts';
import { type LogLine, RemoteReading } from './remote-reading.ts';
import { ask, type Saying, type Side, type SideRecord } from './side.ts';

/** The loopback network: people with clients of their own, and its log on disk. */
export class RemoteSide implements Side {
  readonly name = 'network';
  readonly #url: string;
  readonly #log: JsonLog<LogLine>;
  readonly #tokens = new Map<string, string>();
  readonly #reading = new RemoteReading();
  #read = 0;

  constructor(url: string, dir: string) {
    this.#url = url;
    this.#log = new JsonLog(join(dir, 'log.jsonl'));
  }

  get people(): readonly string[] {
    return [...this.#tokens.keys()];
  }

  /** @returns the token of a new account. */
  async signUp(id: string): Promise<string> {
    const answer = ask<{ token: string }>(`${this.#url}/accounts`, {
      method: 'POST',
      body: { id },
    });
    return (await answer).token;
  }

  async enter(person: string, chats: readonly string[]): Promise<void> {
    this.#tokens.set(person, await this.signUp(person));
    for (const chat of chats) {
      await this.setMember(person, chat, 'in');
    }
  }

  async say(person: string, { what, chat, text, target }: Saying): Promise<void> {
    const messages = `/chats/${chat}/messages`;
    const message = target?.on ?? target?.id;
    if (what === 'message') await this.as(person, 'POST', messages, { text });
    else if (what === 'edit') await this.as(person, 'PUT', `${messages}/${message}`, { text });
    else if (what === 'removal' && target?.what === 'message') {
      await this.as(person, 'DELETE', `${messages}/${message}`);
    } else {
      const removed = what === 'removal';
      const body = { emoji: target?.what === 'reaction' ? target.text : text, removed };
      await this.as(person, 'POST', `${messages}/${message}/reactions`, body);
    }
  }

  /** The private chat of two. */
  async direct(person: string, other: string): Promise<string> {
    return (await this.as<{ id: string }>(person, 'POST', '/direct', { with: other })).id;
  }

  /** Comes or goes. */
  async setMember(person: string, chat: string, is: 'in' | 'out'): Promise<void> {
    await this.as(person, 'POST', `/chats/${chat}/members/me`, { is });
  }

  async members(person: string, chat: string): Promise<readonly string[]> {
    const path = `/chats/${chat}`;
    const { members } = await this.as<{ members: { id: string }[] }>(person, 'GET', path);
    return members.map(({ id }) => id);
  }

  record(): SideRecord {
    const lines = this.#log.read();
    for (const line of lines.slice(this.#read)) this.#reading.take(line);
    this.#read = lines.length;
    return this.#reading;
  }

  /** Whether its server answers. */
  isThere(): Promise<boolean> {
    const answers = fetch(this.#url, { signal: AbortSignal.timeout(1000) });
    return answers.then(
      () => true,
      () => false,
    );
  }

  as<T>(person: string, method: string, path: string, body?: unknown): Promise<T> {
    const token = this.#tokens.get(person) ?? '';
    return ask(this.#url + path, { method, token, ...(body !== undefined && { body }) });
  }
}
