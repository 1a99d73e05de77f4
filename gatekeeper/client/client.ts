import { randomBytes } from 'node:crypto';
import { EventEmitter, once, setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApiFailure,
  anonymous,
  asLocalUser,
  BadWire,
  type Connection,
  connect,
  containerOf,
  type FileItem,
  follow,
  messageIdOf,
  type Opened,
  type Said,
  type User,
  userUriOf,
  writeContainer,
} from '#gia';
import { conversationOf, remembered } from './conversations.ts';
import { enroll, type Own } from './device.ts';
import { type About, fetchFile, storeFile } from './files.ts';
import type { Speaker } from './group-steps.ts';
import { goneBack, type Told, take, toldAfter } from './hearing.ts';
import { queued, sendFirst } from './sending.ts';
import { ClientStore, Stale } from './store.ts';

export interface ClientOptions {
  readonly origin: string;
  /** PEM, where no public authority signed the certificate. */
  readonly ca?: string;
  readonly name: string;
  readonly password: string;
  readonly device: string;
  /** Everything that it must not forget. One client at a time has it open. */
  readonly file: string;
  /** PEM. Of a user's second device: what `accountKey` of the first says. */
  readonly accountKey?: string;
}

/** A device of a user of AliceChat, without a screen: what it sends and hears outlives a crash at any moment. */
export class AliceClient {
  readonly user: User;
  readonly #speaker: Speaker;
  readonly #stopping = new AbortController();
  readonly #changes = new EventEmitter();
  readonly #work: Promise<unknown>;

  private constructor(user: User, speaker: Speaker) {
    this.user = user;
    this.#speaker = speaker;
    this.#changes.setMaxListeners(0);
    setMaxListeners(0, this.#stopping.signal);
    const stop = (reason: unknown) => this.#stopping.abort(reason);
    this.#work = Promise.all([this.#listen().catch(stop), this.#send().catch(stop)]);
  }

  static async open(options: ClientOptions): Promise<AliceClient> {
    const { origin, ca, name, password, device, file, accountKey } = options;
    const line = connect({ origin, ...(ca && { ca }) }, anonymous);
    const store = new ClientStore(file);
    const { token, user } = await line.call('login', { body: { name, password, device } });
    const connection: Connection = line.as(asLocalUser(token));
    const own: Own = { connection, store, userRef: user.user_ref, device };
    const identity = await enroll(own, accountKey);
    return new AliceClient(user, { own, identity, life: new Uint8Array(randomBytes(16)) });
  }

  /** For the other devices of the same user. Secret. */
  get accountKey(): string {
    return this.#speaker.own.store.text('account') ?? '';
  }

  /** @param peer by visible id, such as `bob@bob.example` */
  async talkTo(peer: string, suite: 'mls10/1' | 'e2b/1' = 'mls10/1'): Promise<string> {
    const { connection, store } = this.#speaker.own;
    const { results } = await connection.call('lookup', { body: { identifiers: [peer] } });
    const ref = results[0]?.user_ref;
    if (!ref) throw new Error(`${peer} is not here, or does not want to be found`);
    const conversation = await connection.call('createConversation', {
      body: { type: 'dm', peer: ref, suite },
    });
    store.commit({ set: [remembered(conversation)] });
    return conversation.conv_id;
  }

  /** Queued on disk when it returns, and sent in order as soon as can be. @returns by what id others refer to it */
  async say(conversation: string, said: Said): Promise<string> {
    const { store, userRef } = this.#speaker.own;
    const about = await conversationOf(this.#speaker.own, conversation);
    const sender = userUriOf(about.uri, userRef);
    const { uri } = about;
    const salt = new Uint8Array(randomBytes(16));
    const content = writeContainer(containerOf(said, { salt, sender, room: uri }), Date.now());
    store.commit({ queue: [queued(conversation, content)] });
    this.#changes.emit('change');
    return messageIdOf(content, sender, uri);
  }

  /** Seals a file and stores it at the gatekeeper. @returns what is then to be said */
  upload(bytes: AsyncIterable<Uint8Array>, about: About): Promise<FileItem> {
    return storeFile(this.#speaker.own.connection, bytes, about);
  }

  /** A file that was heard of, once all of it is found to be what its sender sealed. @throws BadFile, ApiFailure */
  open(item: FileItem, maxBytes: number): Promise<Opened> {
    return fetchFile(this.#speaker.own.connection, item, maxBytes);
  }

  /** All that was heard after the `n`th, and what comes, each exactly once however often the client was killed. */
  async *heard(after = 0, signal?: AbortSignal): AsyncGenerator<{ n: number; told: Told }> {
    const stop = AbortSignal.any([this.#stopping.signal, ...(signal ? [signal] : [])]);
    for (let n = after; !stop.aborted; ) {
      const next = once(this.#changes, 'change', { signal: stop }).catch(() => undefined);
      for (const row of toldAfter(this.#speaker.own.store, n)) {
        n = row.n;
        yield row;
      }
      await next;
    }
    this.#checkWorks();
  }

  /** What ended the work of the client, if it was not asked to end. */
  #checkWorks(): void {
    const { reason, aborted } = this.#stopping.signal;
    if (aborted && reason !== closed) throw reason;
  }

  /** Nothing waits to be sent. */
  async settled(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#speaker.own.store.first() && !signal.aborted)
      await once(this.#changes, 'change', { signal }).catch(() => undefined);
    this.#checkWorks();
  }

  async close(): Promise<void> {
    if (this.#stopping.signal.reason === closed) return;
    this.#stopping.abort(closed);
    this.#changes.emit('change');
    await this.#work;
    await this.#speaker.own.connection.close();
    this.#speaker.own.store.close();
  }

  async #listen(): Promise<void> {
    for (;;) {
      try {
        return await this.#follow();
      } catch (error) {
        const problem = error instanceof ApiFailure ? error.problem : undefined;
        if (problem?.code !== 'cursor_gone') throw error;
        goneBack(this.#speaker.own, String(problem['oldest']));
        this.#changes.emit('change');
      }
    }
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    const { connection, store } = this.#speaker.own;
    const cursor = store.text('cursor');
    const events = follow(connection, { signal, ...(cursor && { cursor }) });
    for await (const happening of events) {
      await untilFresh(() => take(this.#speaker, happening));
      this.#changes.emit('change');
      const body = { cursor: store.text('cursor') ?? '' };
      if (body.cursor) await connection.call('acknowledgeEvents', { body }).catch(retryable);
    }
  }

  async #send(): Promise<void> {
    const { store } = this.#speaker.own;
    while (!this.#stopping.signal.aborted) {
      const next = once(this.#changes, 'change');
      const first = store.first();
      const isSent = first && (await this.#sendOne().catch(retryable));
      if (isSent) this.#changes.emit('change');
      else await Promise.race([next, pause(first ? 200 : 60_000, this.#stopping.signal)]);
    }
  }

  /** @returns whether the next may be tried at once */
  async #sendOne(): Promise<boolean> {
    let outcome = false;
    await untilFresh(async () => {
      const first = this.#speaker.own.store.first();
      outcome = first !== undefined && (await sendFirst(this.#speaker, first)) === 'sent';
    });
    return outcome;
  }
}

/** Of two steps from one state only one is written; the other is taken again. */
async function untilFresh(step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
    }
  }
}

/** The hub's word on a change, or a key package, that is not there yet. */
const passing: readonly string[] = ['unsettled', 'bad_key_package'];

function retryable(error: unknown): false {
  if (error instanceof ApiFailure && error.isRetryable) return false;
  if (error instanceof BadWire && passing.includes(error.code)) return false;
  throw error;
}

const closed = new Error('the client was closed');

const pause = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
