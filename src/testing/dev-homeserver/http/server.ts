import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fault } from '../fault.ts';
import { Call, Reply } from './call.ts';
import { Cut } from './cut.ts';
import type { Router } from './router.ts';

interface Options {
  readonly router: Router;
  readonly allowOrigin?: string | undefined;
  readonly log: (line: string) => void;
}

/** Longer than any client's pool keeps a connection: it is the client that lets go first. */
const KEEP_ALIVE_MS = 150_000;

/** Carries requests to their handlers, and what those say or throw back. */
export function createHttpServer(options: Options): Server {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      options.log(`answering ${request.method} failed: ${String(error)}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 5_000;
  return server;
}

export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

async function answer(options: Options, request: IncomingMessage, response: ServerResponse) {
  const cors = corsHeaders(options.allowOrigin);
  if (request.method === 'OPTIONS') {
    response.writeHead(204, cors).end();
    return;
  }
  const reply = await replyTo(options, request, response);
  if (reply === undefined) request.socket.resetAndDestroy();
  if (reply === undefined || response.destroyed) return;
  response.writeHead(reply.status, {
    ...cors,
    'content-length': String(Buffer.byteLength(reply.body)),
    ...reply.headers,
  });
  response.end(reply.body);
  // What is left of a body that was refused.
  request.resume();
}

/** `undefined`: there is to be no answer. */
async function replyTo(
  { router, log }: Options,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Reply | undefined> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    // Not by `URL`, which would take the dots out of a path.
    const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const { handler, params } = router.find(request.method ?? 'GET', path);
    const query = new URLSearchParams(search);
    const said = await handler(new Call(request, { path, query, signal: gone.signal, params }));
    return said instanceof Reply ? said : Reply.json(200, said);
  } catch (error) {
    return error instanceof Cut ? undefined : refusal(error, log);
  }
}

function refusal(error: unknown, log: (line: string) => void): Reply {
  if (error instanceof Fault) {
    const { status, errcode, message, more } = error;
    return new Reply(status, JSON.stringify({ errcode, error: message, ...more }), {
      'content-type': 'application/json',
      ...retryAfter(more['retry_after_ms']),
    });
  }
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return Reply.json(500, { errcode: 'M_UNKNOWN', error: 'Internal server error' });
}

const retryAfter = (ms: unknown): Readonly<Record<string, string>> =>
  typeof ms === 'number' ? { 'retry-after': String(Math.ceil(ms / 1000)) } : {};

/** @see https://spec.matrix.org/v1.15/client-server-api/#web-browser-clients */
function corsHeaders(allowOrigin: string | undefined): Readonly<Record<string, string>> {
  if (allowOrigin === undefined) return {};
  return {
    'access-control-allow-origin': allowOrigin,
    'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
    'access-control-allow-headers': 'X-Requested-With, Content-Type, Authorization',
    ...(allowOrigin !== '*' && { vary: 'Origin' }),
  };
}
