import type { Agent } from 'undici';
import {
  basePath,
  type Device,
  type Jwks,
  type ProviderRequest,
} from '../../../gia/schemas/index.ts';
import { type EventReader, readEvents } from './event-reader.ts';
import { type Account, deviceList, hashOf, keyPair, random, signed } from './signer.ts';
import { type Answer, type Sent, send } from './wire.ts';

export interface Place {
  readonly origin: string;
  readonly agent: Agent;
}

export interface CallOptions {
  readonly as?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** What is different in the token, on purpose. */
  readonly claims?: Record<string, unknown>;
  readonly typ?: string;
}

/** A provider that signs what it says, and can be told to do so wrongly. */
export class TestProvider {
  readonly domain: string;
  readonly place: Place;
  readonly key: Account;

  constructor(domain: string, place: Place, key: Account) {
    this.domain = domain;
    this.place = place;
    this.key = key;
  }

  static async make(domain: string, place: Place): Promise<TestProvider> {
    return new TestProvider(domain, place, await keyPair());
  }

  get request(): ProviderRequest {
    return {
      domain: this.domain,
      name: this.domain,
      contacts: [`ops@${this.domain}`],
      functions: ['dm', 'dm.files'],
      security_equivalence: { suites: ['mls10/1', 'e2b/1'], audits: [] },
      media_domains: [`media.${this.domain}`, `inside.${this.domain}`],
      jwks: { keys: [this.key.jwk] } as unknown as Jwks,
    };
  }

  url(path: string): string {
    return `${this.place.origin}${basePath}${path}`;
  }

  /** A RequestToken for a call. */
  async token(
    method: string,
    url: string,
    body: string | Uint8Array,
    options: CallOptions = {},
  ): Promise<string> {
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.domain,
      aud: this.place.origin,
      iat,
      exp: iat + 60,
      jti: random(),
      htm: method,
      htu: url,
      bh: hashOf(body),
      ...options.claims,
    };
    return this.#sign(claims, options.typ ?? 'gia-request+jwt');
  }

  /** A UserToken. */
  userToken(visibleId: string, claims: Record<string, unknown> = {}): Promise<string> {
    const iat = Math.floor(Date.now() / 1000);
    const all = {
      iss: this.domain,
      sub: visibleId,
      aud: this.place.origin,
      iat,
      exp: iat + 300,
      nonce: random(),
      auth_time: iat,
      ...claims,
    };
    return this.#sign(all, 'gia-user+jwt');
  }

  #sign(claims: Record<string, unknown>, typ: string) {
    return signed(claims, { privateKey: this.key.privateKey, kid: String(this.key.jwk.kid), typ });
  }

  async call(method: Sent['method'], path: string, options: CallOptions = {}): Promise<Answer> {
    const url = this.url(path);
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const token = await this.token(method, url, body ?? '', options);
    const headers = {
      authorization: `GIA ${token}`,
      ...(options.as !== undefined && { 'gia-user': options.as }),
      ...options.headers,
    };
    return send(this.place.agent, { method, url, body, headers });
  }

  async events(cursor?: string): Promise<EventReader> {
    const url = this.url('/events');
    const token = await this.token('GET', url, '');
    const headers: Record<string, string> = { authorization: `GIA ${token}` };
    if (cursor !== undefined) headers['last-event-id'] = cursor;
    return readEvents(this.place.agent, { url, headers });
  }

  /** Enlists somebody and lists their devices. */
  async enlist(
    name: string,
    devices: readonly Partial<Device>[] = [{ id: 'bridge', kind: 'bridge' }],
  ): Promise<TestUser> {
    const visibleId = `${name}@${this.domain}`;
    const body = {
      visible_id: visibleId,
      user_token: await this.userToken(visibleId),
      profile: { name },
      consent: { tos_version: '1', discoverable: true },
    };
    const answer = await this.call('POST', '/users', { body });
    if (answer.status > 201) throw new Error(JSON.stringify(answer.body));
    const ref = answer.body.user_ref;
    const user = new TestUser(ref, visibleId, await keyPair(), (method, path, options) =>
      this.call(method, path, { as: ref, ...options }),
    );
    if (devices.length > 0) await user.putDevices(devices);
    return user;
  }
}

type Calls = (method: Sent['method'], path: string, options?: CallOptions) => Promise<Answer>;

/** A user, local or remote, as one who calls. */
export class TestUser {
  readonly ref: string;
  readonly visibleId: string;
  readonly account: Account;
  readonly call: Calls;
  #v = 0;

  constructor(ref: string, visibleId: string, account: Account, call: Calls) {
    this.ref = ref;
    this.visibleId = visibleId;
    this.account = account;
    this.call = call;
  }

  async putDevices(
    devices: readonly Partial<Device>[],
    account: Account = this.account,
    reset = false,
  ): Promise<Answer> {
    const list = await deviceList(this.ref, this.#v + 1, devices, account);
    const answer = await this.call('PUT', `/users/${this.ref}/devices`, {
      body: { list, ...(reset && { reset }) },
    });
    if (answer.status === 200) this.#v = answer.body.v;
    return answer;
  }

  /** The conversation with somebody. */
  async talkTo(peer: TestUser, suite = 'e2b/1'): Promise<string> {
    const answer = await this.call('POST', '/conversations', {
      body: { type: 'dm', peer: peer.ref, suite },
    });
    if (answer.status > 201) throw new Error(JSON.stringify(answer.body));
    return answer.body.conv_id;
  }

  say(
    convId: string,
    text: string,
    options: { key?: string; device?: string; more?: object } = {},
  ): Promise<Answer> {
    const body = {
      suite: 'e2b/1',
      sender_device: options.device ?? 'bridge',
      payloads: [
        { to: 'group', type: 'application', body: Buffer.from(text).toString('base64url') },
      ],
      client_ts: 1,
      ...options.more,
    };
    const headers = { 'idempotency-key': options.key ?? random() };
    return this.call('POST', `/conversations/${convId}/messages`, { body, headers });
  }
}

export const textOf = (event: { data: { body: string } }) =>
  Buffer.from(event.data.body, 'base64url').toString();
