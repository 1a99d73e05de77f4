import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';
import { type MatrixClient, matrixClient } from '../../../../src/matrix/client/matrix-client.ts';
import type { MatrixUserId } from '../../../../src/model/matrix-ids.ts';
import type { Clock } from '../../../../src/ports/clock.ts';

export const AS_TOKEN = 'the-appservice-token';
export const BOT: MatrixUserId = '@_db_bot:example.org';
export const GHOST: MatrixUserId = '@_db_ghost:example.org';

export interface Asked {
  readonly method: string;
  /** Percent-encoded, as it came. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>> & {
    readonly user_id?: string;
    readonly ts?: string;
  };
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Buffer;
  readonly json: unknown;
}

/** What to do with a request. `json` answers it; the others are for everything that can go wrong. */
export interface Reply {
  json(status: number, body: unknown, headers?: Record<string, string>): void;
  text(status: number, body: string, headers?: Record<string, string>): void;
  /** Cuts the connection without an answer. */
  cut(): void;
  /** Cuts the connection in the middle of the answer. */
  cutInside(): void;
  readonly raw: ServerResponse;
}

export type Script = (asked: Asked, reply: Reply) => void | Promise<void>;

/** A server that does what the test says, and a client that talks to it. */
export async function scripted(
  script: Script,
  options: { path?: string; clock?: Clock; signal?: AbortSignal } = {},
) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const entry = await read(request);
    asked.push(entry);
    await script(entry, replyTo(response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  const { client, logged } = clientOf(`http://127.0.0.1:${port}${options.path ?? ''}`, options);
  /** Ends every connection, as one that is killed. */
  const hangUp = () => server.closeAllConnections();
  return { client, asked, logged, port, hangUp };
}

export function clientOf(url: string, options: { clock?: Clock; signal?: AbortSignal } = {}) {
  const logged: string[] = [];
  const client: MatrixClient = matrixClient({
    url,
    asToken: AS_TOKEN,
    serverName: 'example.org',
    bot: BOT,
    log: (...entry) => void logged.push(JSON.stringify(entry)),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  onTestFinished(() => client.close());
  return { client, logged };
}

async function read(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'http://x');
  const body = await buffer(request);
  const isJson = request.headers['content-type'] === 'application/json' && body.length > 0;
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'],
    body,
    json: isJson ? JSON.parse(body.toString()) : undefined,
  };
}

function replyTo(response: ServerResponse): Reply {
  const text: Reply['text'] = (status, body, headers = {}) => {
    response.writeHead(status, headers).end(body);
  };
  return {
    text,
    json: (status, body, headers = {}) =>
      text(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers }),
    cut: () => response.destroy(),
    cutInside() {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"event', () => response.destroy());
    },
    raw: response,
  };
}

/** A clock that the test turns. What is due runs in its order. */
export function turnedClock() {
  let nowMs = 1_000_000;
  const waiting = new Set<{ atMs: number; callback: () => void }>();
  const clock: Clock = {
    now: () => nowMs,
    after(delayMs, callback) {
      const entry = { atMs: nowMs + delayMs, callback };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
  };
  return {
    clock,
    /** How long until each of those that wait. */
    delays: () => [...waiting].map(({ atMs }) => atMs - nowMs).sort((a, b) => a - b),
    turn(byMs: number) {
      nowMs += byMs;
      const due = [...waiting].filter(({ atMs }) => atMs <= nowMs);
      for (const entry of due.sort((a, b) => a.atMs - b.atMs)) {
        waiting.delete(entry);
        entry.callback();
      }
    },
  };
}

/** Waits for an expectation to come true. */
export const until = (expectation: () => void) =>
  vi.waitFor(expectation, { interval: 2, timeout: 5000 });
