import { vi } from 'vitest';
import {
  type CommandCall,
  type MatrixAction,
  type MatrixActionKind,
  type Network,
  type NetworkSession,
  type Newest,
  type Part,
  type RemoteChatId,
  type RemoteEvent,
  remoteChatId,
  type Voice,
} from '../../adapter/index.ts';
import { type MemoryDisk, type MemoryHost, memoryDisk, memoryHost } from '../memory-host.ts';
import type { AdapterFixture } from './fixture.ts';

/** An adapter as the core opens it, and what the core was given. */
export interface Opened extends MemoryHost<unknown> {
  readonly network: Network;
  readonly session: NetworkSession;
  /** Sends nothing yet: encodes and commits. */
  prepare(text: string, key?: string, to?: RemoteChatId): Promise<readonly Part<'message'>[]>;
  /** Encodes, commits, sends part by part. */
  say(text: string, key?: string): Promise<readonly Part<'message'>[]>;
  /** As the core calls a command, in the chat, with what stands after its name. */
  call(words: string): CommandCall;
  /** Once somebody else's words are with the core. */
  heard(text: string): Promise<RemoteEvent<'message'>>;
  /** As the core does, but that the host's signal aborts only at the end of the test. */
  close(): Promise<void>;
}

/** Where one promise is checked: the fixture, and the adapter opened on it as often as it takes. */
export class Bench {
  readonly fixture: AdapterFixture;
  readonly chat: RemoteChatId;
  readonly #open = new Set<Opened>();
  readonly #endings: AbortController[] = [];
  readonly #loggedIn = new WeakSet<MemoryDisk>();

  readonly #patienceMs: number;

  constructor(fixture: AdapterFixture, patienceMs: number) {
    this.fixture = fixture;
    this.#patienceMs = patienceMs;
    this.chat = remoteChatId(fixture.chat);
  }

  /** Opens it as at a start; with the disk of an earlier one, as at the next start. */
  async open(disk: MemoryDisk = memoryDisk(), displayName = 'Ann'): Promise<Opened> {
    const { adapter, config } = this.fixture;
    const ending = new AbortController();
    this.#endings.push(ending);
    const { signal } = ending;
    const host = memoryHost({ config: adapter.config.parse(config ?? {}), signal, disk });
    const network = await adapter.open(host.host);
    const voice = host.voice('voice-ann', this.#kind, displayName);
    await this.#logIn(network, voice, host);
    const session = await network.session(voice, signal);
    await network.watch?.({ chat: this.chat }, newestOf(disk), signal);
    await session.join?.(this.chat, signal);
    const opened = this.#opened(host, network, { voice, session });
    this.#open.add(opened);
    return opened;
  }

  /** Waits for what must come to be. */
  until<T>(condition: () => T | Promise<T>): Promise<T> {
    return vi.waitFor(condition, { timeout: this.#patienceMs, interval: 10 });
  }

  async end(): Promise<void> {
    for (const opened of this.#open) await opened.close();
    for (const ending of this.#endings) ending.abort();
    await this.fixture.stop();
  }

  action<K extends MatrixActionKind>(
    action: Omit<MatrixAction<K>, 'speaker' | 'chat'> & { readonly kind: K },
    chat = this.chat,
  ): MatrixAction<K> {
    const speaker = { userId: '@ann:example.org', displayName: 'Ann' };
    return { speaker, chat, ...action } as unknown as MatrixAction<K>;
  }

  get #kind(): Voice['kind'] {
    return this.fixture.voice ?? this.fixture.adapter.voices[0] ?? 'relay';
  }

  /** Once: at the next start the token is on the disk. */
  async #logIn(network: Network, voice: Voice, { host, commit, disk }: MemoryHost<unknown>) {
    const { login } = this.fixture;
    const [flow] = network.logins ?? [];
    if (!login || !flow || this.#loggedIn.has(disk)) return;
    let step = await flow.start(voice, host.signal);
    while (step.kind === 'ask') step = await step.submit(login, host.signal);
    if (step.kind !== 'done') throw new Error(`The contract cannot walk a login of ${step.kind}`);
    await commit(step.save);
    this.#loggedIn.add(disk);
  }

  #opened(
    host: MemoryHost<unknown>,
    network: Network,
    { voice, session }: { readonly voice: Voice; readonly session: NetworkSession },
  ): Opened {
    const { message } = session.on;
    const { signal } = host.host;

    const prepare: Opened['prepare'] = async (text, key = text, to = this.chat) => {
      const action = this.action({ kind: 'message', body: { text } }, to);
      const encoded = await message.encode?.(action, signal);
      await host.commit(encoded?.save);
      const firstTriedAtMs = Date.now();
      if (!encoded) return [{ key: `${key}/0`, action, firstTriedAtMs }];
      return encoded.parts.map((wire, n) => ({ key: `${key}/${n}`, action, wire, firstTriedAtMs }));
    };

    const opened: Opened = {
      ...host,
      network,
      session,
      prepare,
      async say(text, key) {
        const parts = await prepare(text, key);
        for (const part of parts) await host.commit((await message.send(part, signal)).save);
        return parts;
      },
      call: (words) => ({
        words,
        speaker: { userId: '@ann:example.org', displayName: 'Ann' },
        chat: this.chat,
        ...(voice.kind !== 'relay' && {
          voice: { ...voice, isOpen: true, open: async () => session, letGo: async () => {} },
        }),
        invite: async () => undefined,
      }),
      heard: (text) => this.until(() => foreign(host.emitted, text)),
      close: async () => {
        if (!this.#open.delete(opened)) return;
        await session.close();
        await network.close();
      },
    };
    return opened;
  }
}

function foreign(events: readonly RemoteEvent[], text: string): RemoteEvent<'message'> {
  const found = events.find(
    (event) => event.kind === 'message' && event.body.text === text && event.echoOf === undefined,
  );
  if (found?.kind !== 'message') throw new Error(`${JSON.stringify(text)} was not emitted`);
  return found;
}

/** The newest that is on disk of the chat, as the core tells it at a start. */
function newestOf({ events }: MemoryDisk): Newest | undefined {
  const last = events.filter((event) => event.kind === 'message').at(-1);
  return last && { id: last.id, atMs: last.sentAtMs };
}
