import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import {
  type Admin,
  moveProvider,
  type ProviderMove,
} from '../../../gatekeeper/admin/providers.ts';
import { addLocalUser } from '../../../gatekeeper/admin/users.ts';
import {
  type Gatekeeper,
  type StartOptions,
  startGatekeeper,
} from '../../../gatekeeper/server/start.ts';
import { selfMade } from '../../../gatekeeper/tls/self-made.ts';
import { basePath, type Device } from '../../../gia/schemas/index.ts';
import { type EventReader, readEvents } from './event-reader.ts';
import { type Place, TestProvider, TestUser } from './provider.ts';
import { keyPair } from './signer.ts';
import { answerFault, eventFault } from './validate.ts';
import { type Answer, type Sent, send } from './wire.ts';

const newAgent = () => new Agent({ connect: { ca: tls.cert }, pipelining: 1 });
const tls = selfMade(['localhost', '127.0.0.1'], Date.now());

export interface LocalUser extends TestUser {
  events(cursor?: string): Promise<EventReader>;
  readonly token: string;
}

/**
 * A gatekeeper over TLS on this machine, and whoever talks to it. Whatever it answers or says is compared with the OpenAPI
 * document: what differs fails the test.
 */
export class TestGatekeeper {
  readonly options: Omit<StartOptions, 'folder'>;
  agent = newAgent();
  /** By visible id, the codes that people were sent. */
  readonly codes = new Map<string, string>();
  /** What was not as the document says. */
  readonly faults: string[] = [];
  readonly errors: unknown[] = [];
  readonly readers: EventReader[] = [];
  folder = '';
  #gatekeeper: Gatekeeper | undefined;
  #port = 0;
  #timeMs = 0;

  constructor(options: Partial<StartOptions> = {}) {
    this.options = { domain: 'alicechat.example', tls, ...options };
  }

  async start(): Promise<void> {
    this.folder ||= await mkdtemp(join(tmpdir(), 'gatekeeper-'));
    this.#gatekeeper = await startGatekeeper({
      port: this.#port,
      heartbeatMs: 200,
      sendCode: (visibleId, code) => void this.codes.set(visibleId, code),
      onError: (error) => void this.errors.push(error),
      now: () => Date.now() + this.#timeMs,
      ...this.options,
      folder: this.folder,
      show: (shown) => {
        const fault = 'event' in shown ? eventFault(shown.event) : answerFault(shown);
        if (fault !== '') this.faults.push(fault);
      },
    });
    this.#port = Number(new URL(this.origin).port);
  }

  /** From now on it is so much later there. */
  turnClock(ms: number): void {
    this.#timeMs += ms;
  }

  get gatekeeper(): Gatekeeper {
    if (this.#gatekeeper === undefined) throw new Error('The gatekeeper is not started');
    return this.#gatekeeper;
  }

  /** PEM: for those who are to trust it. */
  readonly certificate = tls.cert;

  get origin(): string {
    return this.gatekeeper.origin;
  }

  get admin(): Admin {
    const { store, hub, now } = this.gatekeeper.context;
    return { store, hub, now };
  }

  async stop(): Promise<void> {
    for (const reader of this.readers.splice(0)) reader.close();
    const { agent } = this;
    // Connections that are kept would be found closed.
    this.agent = newAgent();
    await agent.destroy();
    await this.gatekeeper.close();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.agent.close();
    await rm(this.folder, { recursive: true });
  }

  /** Nobody known. */
  call(
    method: Sent['method'],
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const url = `${this.origin}${basePath}${path}`;
    return send(this.agent, {
      method,
      url,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** A provider that asked and was approved. */
  async provider(
    domain: string,
    move: Partial<ProviderMove> = { trustsAuth: true },
    place: Place = this,
  ): Promise<TestProvider> {
    const provider = await TestProvider.make(domain, place);
    const asked = await this.call('POST', '/provider-requests', provider.request);
    expect(asked.status).toBe(202);
    moveProvider(this.admin, domain, { to: 'operational', ...move });
    return provider;
  }

  async local(
    name: string,
    devices: readonly Partial<Device>[] = [{ id: 'phone' }],
  ): Promise<LocalUser> {
    await addLocalUser(this.admin, {
      name,
      domain: this.options.domain,
      password: 'secret',
      cost: 2,
    });
    const user = await this.login(name, devices[0]?.id ?? 'phone');
    if (devices.length > 0) await user.putDevices(devices);
    return user;
  }

  async login(name: string, device: string): Promise<LocalUser> {
    const { body } = await this.call('POST', '/login', { name, password: 'secret', device });
    const headers = { authorization: `Bearer ${body.token}` };
    const user = new TestUser(
      body.user.user_ref,
      body.user.visible_id,
      await keyPair(),
      (method, path, options = {}) =>
        this.call(method, path, options.body, { ...headers, ...options.headers }),
    );
    const events = async (cursor?: string) => {
      const url = `${this.origin}${basePath}/events`;
      const resume = cursor === undefined ? {} : { 'last-event-id': cursor };
      return this.reading(readEvents(this.agent, { url, headers: { ...headers, ...resume } }));
    };
    return Object.assign(user, { events, token: String(body.token) });
  }

  /** Closed at the end, if it is not before. */
  async reading(reader: Promise<EventReader>): Promise<EventReader> {
    const read = await reader;
    this.readers.push(read);
    return read;
  }
}

/** One for all tests of a file. After each test all that it said must have been as the documents say. */
export function useGatekeeper(options: Partial<StartOptions> = {}): TestGatekeeper {
  const gatekeeper = new TestGatekeeper(options);
  beforeAll(() => gatekeeper.start());
  afterEach(() => {
    for (const reader of gatekeeper.readers.splice(0)) reader.close();
    expect(gatekeeper.faults.splice(0)).toEqual([]);
    expect(gatekeeper.errors.splice(0)).toEqual([]);
  });
  afterAll(() => gatekeeper.remove());
  return gatekeeper;
}
