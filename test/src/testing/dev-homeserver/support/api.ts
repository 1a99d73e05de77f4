import type { DevHomeserver } from '../../../../../src/testing/dev-homeserver/index.ts';

/** An answer, as a test looks at it. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the homeserver says
  readonly body: any;
  readonly headers: Headers;
}

export interface Ask {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Somebody who speaks to the homeserver over HTTP. */
export interface Client {
  readonly userId: string;
  readonly token: string | undefined;
  get(path: string, ask?: Ask): Promise<Answer>;
  put(path: string, body?: unknown, ask?: Ask): Promise<Answer>;
  post(path: string, body?: unknown, ask?: Ask): Promise<Answer>;
  delete(path: string, ask?: Ask): Promise<Answer>;
}

export const path = (strings: TemplateStringsArray, ...values: readonly string[]) =>
  String.raw({ raw: strings }, ...values.map(encodeURIComponent));

/** `path` starts after `/_matrix/client/v3`, unless it starts with `/_`. */
export function clientOf(
  url: string,
  userId: string,
  token?: string,
  always: Readonly<Record<string, string>> = {},
): Client {
  const call = async (method: string, to: string, ask: Ask): Promise<Answer> => {
    const query = String(new URLSearchParams({ ...always, ...ask.query }));
    const whole = `${url}${to.startsWith('/_') ? to : `/_matrix/client/v3${to}`}`;
    const payload = ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
    const response = await fetch(query === '' ? whole : `${whole}?${query}`, {
      method,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...ask.headers },
      ...(payload !== undefined && { body: payload }),
      ...(ask.signal && { signal: ask.signal }),
    });
    const text = await response.text();
    return { status: response.status, body: jsonOr(text), headers: response.headers };
  };
  return {
    userId,
    token,
    get: (to, ask = {}) => call('GET', to, ask),
    put: (to, body = {}, ask = {}) => call('PUT', to, { body, ...ask }),
    post: (to, body = {}, ask = {}) => call('POST', to, { body, ...ask }),
    delete: (to, ask = {}) => call('DELETE', to, ask),
  };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Registers a person. */
export async function person(homeserver: Pick<DevHomeserver, 'url'>, name: string) {
  const { body } = await clientOf(homeserver.url, '').post('/register', {
    username: name,
    password: `${name}'s password`,
    auth: { type: 'm.login.dummy' },
  });
  return clientOf(homeserver.url, body.user_id, body.access_token);
}

export async function createRoom(who: Client, request: object = {}): Promise<string> {
  const { status, body } = await who.post('/createRoom', request);
  if (status !== 200) throw new Error(`createRoom: ${status} ${JSON.stringify(body)}`);
  return body.room_id;
}

/** The same person, at the homeserver's new address. */
export const at = (homeserver: Pick<DevHomeserver, 'url'>, who: Client) =>
  clientOf(homeserver.url, who.userId, who.token);

let txns = 0;

export function say(who: Client, room: string, text: string): Promise<Answer> {
  txns += 1;
  const content = { msgtype: 'm.text', body: text };
  return who.put(path`/rooms/${room}/send/m.room.message/say${String(txns)}`, content);
}

export const join = (who: Client, room: string) => who.post(path`/join/${room}`);
export const invite = (who: Client, room: string, userId: string) =>
  who.post(path`/rooms/${room}/invite`, { user_id: userId });

/** A room that everybody may enter, with these in it. The first one made it. */
export async function publicRoom(creator: Client, ...others: readonly Client[]): Promise<string> {
  const room = await createRoom(creator, { preset: 'public_chat' });
  for (const other of others) await join(other, room);
  return room;
}
