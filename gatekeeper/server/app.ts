import Koa from 'koa';
import { giaVersion, headers, limits, type OperationName } from '#gia/schemas';
import type { Context } from './context.ts';
import { before, type FaultKind, type Faults } from './faults.ts';
import type { Call, Handlers, Reply } from './handler.ts';
import { admitted, nameOf, type Request, readCall } from './pipeline.ts';
import { problemOf, Refusal } from './refusal.ts';
import { routeOf } from './routes.ts';

/** One call and how it was answered. Never a word of what was in it. */
export interface Answered {
  readonly operation: OperationName | undefined;
  readonly caller: string;
  readonly status: number;
  readonly code: string | undefined;
  readonly tookMs: number;
}

/** An answer as it goes out, to be compared with the documents. */
export interface Shown {
  readonly operation: OperationName | undefined;
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface AppOptions {
  readonly context: Context;
  readonly handlers: Handlers;
  readonly faults: Faults;
  readonly onAnswer: (answered: Answered) => void;
  readonly onError: (error: unknown) => void;
  readonly show?: ((shown: Shown) => void) | undefined;
}

/** One call on its way. */
interface Way {
  operation?: OperationName;
  caller: string;
  code?: string;
  fault?: FaultKind | undefined;
}

export function createApp(options: AppOptions): Koa {
  const app = new Koa();
  app.on('error', (error) => {
    if (!isGone(error)) options.onError(error);
  });
  app.use(async (ctx) => {
    const beganMs = performance.now();
    const request = requestOf(ctx, options.context);
    const way: Way = { caller: nameOf(undefined, request) };
    ctx.set(headers.version, giaVersion);
    ctx.set('Cache-Control', 'no-store');
    try {
      answer(ctx, await handled(options, request, way));
    } catch (error) {
      way.code = answerProblem(ctx, error, options);
    }
    show(ctx, options, way);
    const { operation, caller, code } = way;
    const tookMs = performance.now() - beganMs;
    options.onAnswer({ operation, caller, status: ctx.status, code, tookMs });
    if (way.fault === 'kill') process.kill(process.pid, 'SIGKILL');
    if (way.fault === 'drop') ctx.req.socket.destroy();
  });
  return app;
}

/** Whoever called went away: that is their right. */
const isGone = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE'].includes(code);

function requestOf(ctx: Koa.Context, { origin }: Context): Request {
  return {
    header: (name) => ctx.get(name),
    method: ctx.method,
    url: origin + ctx.url,
    address: ctx.req.socket.remoteAddress ?? '',
    query: new URLSearchParams(ctx.querystring),
    stream: ctx.req,
    setHeader: (name, value) => ctx.set(name, value),
  };
}

async function handled(options: AppOptions, request: Request, way: Way): Promise<Reply> {
  const { context, handlers, faults } = options;
  const [path = ''] = request.url.slice(context.origin.length).split('?');
  const route = routeOf(request.method, path);
  way.operation = route.name;
  const known = await admitted(context, route, request);
  way.caller = nameOf(known.caller, request);
  way.fault = faults.take(route.name);
  await before(way.fault);
  const call = await readCall(context, route, request, known);
  // The table says that they belong together.
  const handler = handlers[route.name] as (call: Call) => Reply | Promise<Reply>;
  return handler(call);
}

function answer(ctx: Koa.Context, reply: Reply): void {
  ctx.body = reply.body ?? null;
  // After the body, as without one it would be 204.
  ctx.status = reply.status;
  if ('headers' in reply) ctx.set(reply.headers);
}

/** @returns the code. */
function answerProblem(ctx: Koa.Context, error: unknown, { onError }: AppOptions): string {
  if (!(error instanceof Refusal || isGone(error as NodeJS.ErrnoException))) onError(error);
  const refusal =
    error instanceof Refusal
      ? error
      : new Refusal('internal', 'Something went wrong here; it is in the log of the gatekeeper');
  const problem = problemOf(refusal);
  ctx.status = problem.status;
  if (refusal.retryAfterMs > 0)
    ctx.set('Retry-After', String(Math.ceil(refusal.retryAfterMs / 1000)));
  discardRest(ctx);
  ctx.body = JSON.stringify(problem);
  ctx.type = 'application/problem+json';
  return refusal.code;
}

/** What is not wanted of a body is not kept; and where that is much, nobody waits for it. */
function discardRest(ctx: Koa.Context): void {
  if (ctx.req.complete) return;
  if (Number(ctx.get('Content-Length')) > 16 * limits.bodyBytes) ctx.set('Connection', 'close');
  ctx.req.resume();
}

function show(ctx: Koa.Context, { show }: AppOptions, { operation }: Way): void {
  if (show === undefined) return;
  const { body } = ctx;
  const text =
    typeof body === 'string' ? body : isStream(body) || body == null ? '' : JSON.stringify(body);
  show({ operation, status: ctx.status, type: ctx.response.type, body: text });
}

const isStream = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'pipe' in body;
