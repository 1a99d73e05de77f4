/** The homeserver said no, or something that is no Matrix. */
export class MatrixRefusal extends Error {
  override readonly name = 'MatrixRefusal';
  readonly errcode: string;

  constructor(what: string, status: number, answer: { errcode?: unknown; error?: unknown }) {
    super(`${what}: ${status} ${String(answer.error ?? answer.errcode ?? 'without a reason')}`);
    this.errcode = String(answer.errcode ?? '');
  }
}

/** Where a request goes, in the words of the Matrix client-server API. */
export interface MatrixRequest {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** One Matrix person's client, no more than a page needs. */
export class MatrixClient {
  readonly userId: string;
  readonly #url: string;
  readonly #token: string;
  #transactions = 0;
  readonly #run = Date.now().toString(36);

  private constructor(url: string, userId: string, token: string) {
    this.#url = url;
    this.userId = userId;
    this.#token = token;
  }

  /** Logs somebody in, and signs them up before if they are not known. */
  static async enter(
    url: string,
    who: { readonly name: string; readonly password: string; readonly displayName: string },
  ): Promise<MatrixClient> {
    const { name: username, password, displayName } = who;
    const identifier = { type: 'm.id.user', user: username };
    const device = { device_id: 'PLAYGROUND', initial_device_display_name: 'Playground' };
    const login = { type: 'm.login.password', identifier, password, ...device };
    const register = { username, password, auth: { type: 'm.login.dummy' }, ...device };
    const post = (path: string, body: object) => ask<Entered>(url, path, { method: 'POST', body });
    const entered = await post('/login', login).catch((error: unknown) => {
      if (!(error instanceof MatrixRefusal) || error.errcode !== 'M_FORBIDDEN') throw error;
      return post('/register', register);
    });
    const client = new MatrixClient(url, entered.user_id, entered.access_token);
    const profile = `/profile/${encodeURIComponent(client.userId)}/displayname`;
    await client.ask(profile, { method: 'PUT', body: { displayname: displayName } });
    return client;
  }

  /** `T`: what the specification says of the answer. It is not checked. */
  ask<T = unknown>(path: string, request: MatrixRequest = {}): Promise<T> {
    return ask<T>(this.#url, path, request, this.#token);
  }

  /** Resolves with the event id. */
  async send(roomId: string, type: string, content: object): Promise<string> {
    const path = `/rooms/${encodeURIComponent(roomId)}/send/${type}/${this.#transaction()}`;
    const sent = await this.ask<{ event_id: string }>(path, { method: 'PUT', body: content });
    return sent.event_id;
  }

  async redact(roomId: string, eventId: string): Promise<void> {
    const at = `/rooms/${encodeURIComponent(roomId)}/redact/${encodeURIComponent(eventId)}`;
    await this.ask(`${at}/${this.#transaction()}`, { method: 'PUT', body: {} });
  }

  #transaction(): string {
    this.#transactions++;
    return `p${this.#run}.${this.#transactions}`;
  }
}

interface Entered {
  readonly user_id: string;
  readonly access_token: string;
}

async function ask<T>(
  url: string,
  path: string,
  { method = 'GET', query, body, signal }: MatrixRequest,
  token?: string,
): Promise<T> {
  const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
  const response = await fetch(`${url}/_matrix/client/v3${path}${search}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  });
  const answer = (await response.json().catch(() => ({}))) as T & { errcode?: unknown };
  if (response.ok) return answer;
  throw new MatrixRefusal(`The homeserver refused ${method} ${path}`, response.status, answer);
}
