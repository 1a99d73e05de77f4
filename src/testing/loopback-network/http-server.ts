import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { accountRoutes } from './accounts.ts';
import { chatRoutes } from './chats.ts';
import { eventRoutes } from './events.ts';
import { messageRoutes } from './messages.ts';
import type { Fault, Faults } from './misbehave.ts';
import type { LoopbackState } from './network.ts';
import { Problem } from './problem.ts';
import { readJson } from './read-json.ts';
import type { Call, Route } from './route.ts';

/** What the HTTP face is made of. */
export interface Face {
  readonly state: LoopbackState;
  readonly faults: Faults;
  /** A web page of this origin may ask. */
  readonly allowOrigin: string | undefined;
}

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

/** The network's HTTP face, not listening yet. */
export function httpServer(face: Face): Server {
  const routes: readonly Route[] = [
    ...accountRoutes,
    ...chatRoutes,
    ...messageRoutes,
    ...eventRoutes(face.faults),
  ];
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const asked = { request, response, url };
    if (face.allowOrigin !== undefined) allow(response, face.allowOrigin);
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else serve(face, routes, asked).catch((error: unknown) => refuse(response, error));
  });
}

export async function listen(server: Server, port: number, host: string): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  const { address, port: bound, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`;
}

/** Answers one request, with the fault that was asked for before or after its effect. */
async function serve(face: Face, routes: readonly Route[], asked: Asked): Promise<void> {
  const { request, response, url } = asked;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const body = await readJson(request);
  const isSwitch = url.pathname.startsWith('/_');
  const fault = isSwitch ? undefined : face.faults.take(`${request.method} ${url.pathname}`);
  await meet(fault, 'before', asked);
  // Whoever has gone is not served: what a client gave up on cannot happen behind its back.
  if (response.destroyed) return;
  const answer = await answerOf(face, routes, { ...asked, body, signal: gone.signal });
  await meet(fault, 'after', asked);
  if (!response.destroyed) json(response, 200, answer);
}

async function answerOf(
  { state }: Face,
  routes: readonly Route[],
  { request, url, body, signal }: Asked & { body: unknown; signal: AbortSignal },
): Promise<unknown> {
  const { route, params } = find(routes, request.method ?? '', url.pathname);
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const actor = state.world.actor(token);
  if (!actor && !route.open)
    throw new Problem(401, 'unauthorized', 'Send a token of the network: Authorization: Bearer …');
  const parsed = route.shape.safeParse(body);
  if (!parsed.success) throw new Problem(400, 'bad_request', z.prettifyError(parsed.error));
  const param = (name: string) => params.get(name) ?? '';
  const call = { state, actor, token, param, query: url.searchParams, signal, body: parsed.data };
  return route.answer(call as unknown as Call<never>);
}

function find(routes: readonly Route[], method: string, pathname: string) {
  const asked = pathname.split('/').map(decode);
  for (const route of routes) {
    const params = route.method === method ? matched(route.path, asked) : undefined;
    if (params) return { route, params };
  }
  throw new Problem(404, 'unknown_path', `There is no ${method} ${pathname}`);
}

function matched(path: readonly string[], asked: readonly string[]) {
  const params = new Map<string, string>();
  if (path.length !== asked.length) return undefined;
  for (const [index, part] of path.entries()) {
    const given = asked[index] ?? '';
    if (part.startsWith(':') && given !== '') params.set(part.slice(1), given);
    else if (part !== given) return undefined;
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Problem(400, 'bad_request', `The path has a broken escape: ${part}`);
  }
}

async function meet(
  fault: Exclude<Fault, { is: 'repeat-events' }> | undefined,
  now: 'before' | 'after',
  { response }: Asked,
): Promise<void> {
  if (!fault) return;
  if (fault.is === 'rate-limit' && now === 'before')
    throw new Problem(429, 'rate_limited', 'Slower, as was asked for', fault.retryAfterMs);
  if (fault.is === 'refuse' && now === 'before')
    throw new Problem(403, 'refused', 'Refused, as was asked for');
  if (!('when' in fault) || fault.when !== now) return;
  if (fault.is === 'error') throw new Problem(500, 'fault', `Failed ${now}, as was asked for`);
  if (fault.is === 'delay') await delay(fault.delayMs, undefined, { ref: false });
  else response.destroy();
}

function refuse(response: ServerResponse, error: unknown): void {
  const known = error instanceof Problem;
  const { status, code, message, retryAfterMs } = known
    ? error
    : { status: 500, code: 'internal', message: String(error), retryAfterMs: undefined };
  if (response.destroyed || response.headersSent) return;
  if (retryAfterMs !== undefined)
    response.setHeader('retry-after', String(Math.ceil(retryAfterMs / 1000)));
  json(response, status, { error: code, message, ...(retryAfterMs && { retryAfterMs }) });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
  });
  response.end(bytes);
}

function allow(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-headers', 'authorization, content-type');
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE');
}
