import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Client, clientOf } from './api.ts';

/** A request that the homeserver made. */
export interface Pushed {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the homeserver sent
  readonly body: any;
}

export interface StubAppservice {
  readonly url: string;
  readonly pushed: readonly Pushed[];
  readonly transactions: readonly Pushed[];
  /** Those transactions that it took. */
  readonly acknowledged: readonly Pushed[];
  /** Bodies of the messages that came in acknowledged transactions, in order. */
  readonly heard: readonly string[];
  /** What it answers; by default `200 {}`. A rejected promise breaks the connection. */
  answer: (pushed: Pushed) => Promise<readonly [status: number, body: string]>;
  close(): Promise<void>;
}

/** Something that receives transactions and answers as a test says. */
export async function startStubAppservice(port = 0): Promise<StubAppservice> {
  const pushed: Pushed[] = [];
  const acknowledged: Pushed[] = [];
  const server = createServer(async (request, response) => {
    const one = await read(request);
    pushed.push(one);
    try {
      const [status, body] = await stub.answer(one);
      if (status === 200 && body === '{}' && isTransaction(one)) acknowledged.push(one);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stub: StubAppservice = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pushed,
    acknowledged,
    get transactions() {
      return pushed.filter(isTransaction);
    },
    get heard() {
      return acknowledged.flatMap(messagesIn);
    },
    answer: async () => [200, '{}'],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return stub;
}

const isTransaction = ({ path }: Pushed) => path.startsWith('/_matrix/app/v1/transactions/');

/** A registration that owns `@_x_…`, `@bot` and `#_x_…` on `hs.test`. */
export const registration = (url: string | null, id = 'x') => `
id: ${id}
url: ${url === null ? 'null' : url}
as_token: as-token-${id}
hs_token: hs-token-${id}
sender_localpart: sender-${id}
rate_limited: false
namespaces:
  users:
    - { exclusive: true, regex: '^@_${id}_.*:hs\\.test$' }
    - { exclusive: true, regex: '^@bot-${id}:hs\\.test$' }
  aliases:
    - { exclusive: true, regex: '^#_${id}_.*:hs\\.test$' }
  rooms: []
receive_ephemeral: true
de.sorunome.msc2409.push_ephemeral: true
`;

/** The appservice as a client: as its sender, or as one of its users. */
export const actingAs = (url: string, userId?: string, id = 'x'): Client =>
  clientOf(
    url,
    userId ?? `@sender-${id}:hs.test`,
    `as-token-${id}`,
    userId === undefined ? {} : { user_id: userId },
  );

/** Registers a user of the appservice and gives back a client for it. */
export async function ghost(url: string, localpart: string, id = 'x'): Promise<Client> {
  await actingAs(url, undefined, id).post('/register', {
    type: 'm.login.application_service',
    username: localpart,
    inhibit_login: true,
  });
  return actingAs(url, `@${localpart}:hs.test`, id);
}

async function read(request: IncomingMessage): Promise<Pushed> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    authorization: request.headers.authorization,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

function messagesIn({ body }: Pushed): readonly string[] {
  const events: readonly { type: string; content: { body: string } }[] = body?.events ?? [];
  return events.filter(({ type }) => type === 'm.room.message').map(({ content }) => content.body);
}
