import { vi } from 'vitest';

export interface SeenEvent {
  readonly event_id: string;
  readonly type: string;
  readonly sender: string;
  readonly state_key?: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Somebody with a Matrix account, speaking the client API in plain requests. */
export class MatrixPerson {
  readonly userId: string;
  readonly #url: string;
  readonly #token: string;
  #transactions = 0;

  private constructor(url: string, userId: string, token: string) {
    this.#url = url;
    this.userId = userId;
    this.#token = token;
  }

  static async register(url: string, name: string): Promise<MatrixPerson> {
    const body = { username: name, password: name, auth: { type: 'm.login.dummy' } };
    const answer = await fetch(`${url}/_matrix/client/v3/register`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const { user_id, access_token } = (await answer.json()) as Record<string, string>;
    return new MatrixPerson(url, user_id ?? '', access_token ?? '');
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.#url}/_matrix/client/v3${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
    return json as T;
  }

  async createRoom(options: object = {}): Promise<string> {
    const room = await this.ask<{ room_id: string }>('POST', '/createRoom', {
      preset: 'private_chat',
      ...options,
    });
    return room.room_id;
  }

  join = (room: string) =>
    this.ask<{ room_id: string }>('POST', `/join/${encodeURIComponent(room)}`, {}).then(
      (joined) => joined.room_id,
    );
  leave = (room: string) => this.ask('POST', `${at(room)}/leave`, {});
  invite = (room: string, who: string) => this.ask('POST', `${at(room)}/invite`, { user_id: who });
  kick = (room: string, who: string, reason?: string) =>
    this.ask('POST', `${at(room)}/kick`, { user_id: who, reason });
  ban = (room: string, who: string) => this.ask('POST', `${at(room)}/ban`, { user_id: who });
  unban = (room: string, who: string) => this.ask('POST', `${at(room)}/unban`, { user_id: who });
  state = (room: string, type: string, content: object) =>
    this.ask('PUT', `${at(room)}/state/${type}/`, content);

  async send(room: string, content: object, type = 'm.room.message'): Promise<string> {
    const path = `${at(room)}/send/${type}/${this.#transactions++}`;
    return (await this.ask<{ event_id: string }>('PUT', path, content)).event_id;
  }

  /** @returns its `mxc:` URI. */
  async upload(bytes: Uint8Array, mimeType: string): Promise<string> {
    const answer = await fetch(`${this.#url}/_matrix/media/v3/upload`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': mimeType },
      body: new Uint8Array(bytes),
    });
    return ((await answer.json()) as { content_uri: string }).content_uri;
  }

  async download(uri: string) {
    const path = uri.replace('mxc://', '/_matrix/client/v1/media/download/');
    const headers = { authorization: `Bearer ${this.#token}` };
    const answer = await fetch(`${this.#url}${path}`, { headers });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { bytes, mimeType: answer.headers.get('content-type') };
  }

  say = (room: string, body: string, more: object = {}) =>
    this.send(room, { msgtype: 'm.text', body, ...more });
  edit = (room: string, target: string, body: string) =>
    this.say(room, `* ${body}`, {
      'm.new_content': { msgtype: 'm.text', body },
      'm.relates_to': { rel_type: 'm.replace', event_id: target },
    });
  react = (room: string, target: string, key: string) =>
    this.send(
      room,
      { 'm.relates_to': { rel_type: 'm.annotation', event_id: target, key } },
      'm.reaction',
    );
  redact = (room: string, target: string) =>
    this.ask<{ event_id: string }>(
      'PUT',
      `${at(room)}/redact/${encodeURIComponent(target)}/${this.#transactions++}`,
      {},
    );

  /** All that is in the room, oldest first. */
  async timeline(room: string): Promise<readonly SeenEvent[]> {
    const page = await this.ask<{ chunk: SeenEvent[] }>(
      'GET',
      `${at(room)}/messages?dir=b&limit=500`,
    );
    return page.chunk.reverse();
  }

  /** The texts in the room with their senders' local parts: `ann: hello`. */
  async texts(room: string): Promise<readonly string[]> {
    const events = await this.timeline(room);
    return events
      .filter(
        ({ type, content }) => type === 'm.room.message' && typeof content['body'] === 'string',
      )
      .map(({ sender, content }) => `${sender.slice(1, sender.indexOf(':'))}: ${content['body']}`);
  }

  /** Waits until something in the room is as it is wanted. */
  sees(room: string, wanted: (event: SeenEvent) => boolean, what = 'an event'): Promise<SeenEvent> {
    return vi.waitFor(
      async () => {
        const found = (await this.timeline(room)).find(wanted);
        if (!found) throw new Error(`${this.userId} does not see ${what} in ${room}`);
        return found;
      },
      { timeout: 30_000, interval: 20 },
    );
  }

  hears = (room: string, text: string): Promise<SeenEvent> =>
    this.sees(room, ({ content }) => content['body'] === text, `“${text}”`);

  /** The first room that somebody invited this person to. */
  invited = (): Promise<string> =>
    vi.waitFor(
      async () => {
        const { rooms } = await this.ask<{ rooms?: { invite?: Record<string, unknown> } }>(
          'GET',
          '/sync',
        );
        const [room] = Object.keys(rooms?.invite ?? {});
        if (room === undefined) throw new Error(`${this.userId} was not invited`);
        return room;
      },
      { timeout: 30_000, interval: 50 },
    );

  members = (room: string) =>
    this.ask<{ joined: Record<string, { display_name?: string }> }>(
      'GET',
      `${at(room)}/joined_members`,
    ).then(({ joined }) => joined);
}

const at = (room: string) => `/rooms/${encodeURIComponent(room)}`;
