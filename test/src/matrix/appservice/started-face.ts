import { onTestFinished } from 'vitest';
import { appserviceFace } from '../../../../src/matrix/appservice/face.ts';
import type { AppserviceHandler } from '../../../../src/ports/appservice.ts';
import { fakeClock } from '../../../../src/testing/fake-clock.ts';

export const HS_TOKEN = 'the-homeserver-token';

interface Kept {
  readonly text: string;
  readonly sizeBytes: number;
  readonly reason: string;
}

const field = (name: string) => ({ name, placeholder: `a ${name}`, pattern: '.+' });
export const SEARCHED = { chat: field('room'), user: field('nick') };

/** A face on a real port, with a handler that writes down what it is handed. */
export async function start(overrides: Partial<AppserviceHandler> = {}) {
  const transactions: { events: readonly unknown[]; ephemeral: readonly unknown[] }[] = [];
  const kept: Kept[] = [];
  const passedOver: number[] = [];
  const pings: (string | undefined)[] = [];
  const logged: string[] = [];
  const handler: AppserviceHandler = {
    async transaction(events, ephemeral) {
      transactions.push({ events, ephemeral });
    },
    /** Before how many transactions it was told of one. */
    passedOver: () => void passedOver.push(transactions.length),
    async unreadable(bytes, reason) {
      kept.push({ text: Buffer.from(bytes).toString('latin1'), sizeBytes: bytes.length, reason });
    },
    userExists: async (userId) => userId === '@_db_a/b:example.org',
    aliasExists: async (alias) => alias === '#_db_ü:example.org',

    shown: async () => undefined,
    served: async () => undefined,
    protocol: (id) =>
      id === 'chat' || id === 'mute'
        ? {
            displayName: 'Chat',
            networks: [{ id: 'one', displayName: 'One' }],
            ...(id === 'chat' && { searched: SEARCHED }),
          }
        : undefined,
    find: async () => [],
    canTake: () => true,
    pinged: (transactionId) => void pings.push(transactionId),
    ...overrides,
  };
  const clock = fakeClock();
  const face = appserviceFace({
    hsToken: HS_TOKEN,
    handler,
    clock,
    log: (...entry) => void logged.push(JSON.stringify(entry, errorsAsText)),
  });
  const { port } = await face.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => face.close());

  async function call(
    method: string,
    path: string,
    options: { body?: string | Uint8Array; headers?: Record<string, string>; token?: string } = {},
  ) {
    const token = options.token ?? HS_TOKEN;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: options.body }),
    });
    return {
      status: response.status,
      headers: response.headers,
      json: (await response.json()) as unknown,
    };
  }
  const put = (body: string | Uint8Array, id = '1') =>
    call('PUT', `/_matrix/app/v1/transactions/${id}`, { body });

  return { face, clock, port, call, put, transactions, passedOver, kept, pings, logged };
}

const errorsAsText = (_: string, value: unknown) => (value instanceof Error ? `${value}` : value);

export function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
