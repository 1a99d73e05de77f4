import { randomBytes } from 'node:crypto';
import {
  basePath,
  containerOf,
  messageIdOf,
  readContainer,
  saidBy,
  sealFile,
  writeContainer,
} from '#gia';
import { type EventReader, type Heard, readEvents } from '../../gatekeeper/support/event-reader.ts';
import type { LocalUser, TestGatekeeper } from '../../gatekeeper/support/gatekeeper.ts';
import { send } from '../../gatekeeper/support/wire.ts';

type Said = Parameters<typeof containerOf>[0];
type Item = Extract<Said, { kind: 'message' }>['items'][number];
type FileItem = Extract<Item, { kind: 'file' }>;

/** A message as somebody at the gatekeeper reads it. */
export type Read = Said & { readonly id: string };

export const textItem = (text: string): Item => ({ kind: 'text', format: 'markdown', text });

/** A user of the gatekeeper itself, in one conversation in clear (`e2b/1`). End their `events` at the end. */
export class LocalPerson {
  readonly user: LocalUser;
  readonly events: EventReader;
  readonly #gatekeeper: TestGatekeeper;
  #convId = '';

  private constructor(gatekeeper: TestGatekeeper, user: LocalUser, events: EventReader) {
    this.#gatekeeper = gatekeeper;
    this.user = user;
    this.events = events;
  }

  static async make(gatekeeper: TestGatekeeper, name: string): Promise<LocalPerson> {
    const user = await gatekeeper.local(name);
    // For as long as the person, and not only for one test.
    const events = await readEvents(gatekeeper.agent, {
      url: `${gatekeeper.origin}${basePath}/events`,
      headers: { authorization: `Bearer ${user.token}` },
    });
    return new LocalPerson(gatekeeper, user, events);
  }

  get convId(): string {
    if (this.#convId === '') throw new Error('There is no conversation yet');
    return this.#convId;
  }

  talkIn(convId: string): void {
    this.#convId = convId;
  }

  /** Gives the id of what was said. */
  async say(said: Said): Promise<string> {
    const salt = randomBytes(16);
    const saying = { salt, sender: this.#uri(this.user.ref), room: this.#room() };
    const encoded = writeContainer(containerOf(said, saying), Date.now());
    await this.sendBytes(encoded);
    return messageIdOf(encoded, saying.sender, saying.room);
  }

  /** Whatever these bytes say. */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    const body = Buffer.from(bytes).toString('base64url');
    const answer = await this.user.call('POST', `/conversations/${this.convId}/messages`, {
      headers: { 'idempotency-key': randomBytes(16).toString('base64url') },
      body: {
        suite: 'e2b/1',
        sender_device: 'phone',
        payloads: [{ to: 'group', type: 'application', body }],
        client_ts: Date.now(),
      },
    });
    if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
  }

  /** All that others said to this person so far, in order. */
  read(): readonly Read[] {
    return this.events.events
      .filter(({ type }) => type === 'message.new')
      .map((event) => this.#understand(event));
  }

  async until(is: (read: Read) => boolean): Promise<Read> {
    return this.#understand(
      await this.events.until((it) => it.type === 'message.new' && is(this.#understand(it))),
    );
  }

  #understand({ data }: Heard): Read {
    const bytes = Buffer.from(data.body, 'base64url');
    const id = messageIdOf(bytes, this.#uri(data.from.user_ref), this.#room());
    return { ...saidBy(readContainer(bytes, Date.now())), id };
  }

  /** Seals bytes, uploads them, and gives what a message says of the file. */
  async upload(bytes: Uint8Array, filename: string, contentType: string): Promise<FileItem> {
    const sealing = sealFile(one(bytes));
    const sealed: Uint8Array[] = [];
    for await (const piece of sealing.bytes) sealed.push(piece);
    const file = sealing.file();
    const { body } = await this.user.call('POST', '/media', {
      body: { size_bytes: file.sizeBytes, sha256: Buffer.from(file.sha256).toString('base64url') },
    });
    await this.#put(`/media/${body.media_id}`, Buffer.concat(sealed));
    return { kind: 'file', url: body.url, contentType, filename, isInline: false, ...file };
  }

  async #put(path: string, body: Buffer): Promise<void> {
    const { agent, origin } = this.#gatekeeper;
    const headers = {
      authorization: `Bearer ${this.user.token}`,
      'content-type': 'application/octet-stream',
      'upload-offset': '0',
    };
    const answer = await send(agent, {
      method: 'PATCH',
      url: `${origin}${basePath}${path}`,
      headers,
      body,
    });
    if (answer.body.complete !== true) throw new Error(JSON.stringify(answer.body));
  }

  // As the papers have them.
  readonly #uri = (ref: string) => `mimi://${this.#gatekeeper.options.domain}/u/${ref}`;
  readonly #room = () => `mimi://${this.#gatekeeper.options.domain}/r/${this.convId}`;
}

/** All of it in one piece. */
export async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
