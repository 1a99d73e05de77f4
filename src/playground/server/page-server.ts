import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa, { type Context } from 'koa';
import { actions, type Stage } from './actions.ts';
import { type Asset, readAssets } from './assets.ts';
import { refusalOf } from './guard.ts';
import type { Live } from './live.ts';

const MAX_BODY_BYTES = 64 * 1024;
const HOST = '127.0.0.1';

/** The page is the only thing that may run here, and nobody may frame it. */
const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

export interface PageServerOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly token: string;
  readonly stage: Stage;
  readonly live: Live;
}

export interface PageServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the page, what happens on it, and what is asked for on it. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const assets = readAssets();
  const house = { port: 0, token: options.token };
  const app = new Koa();
  app.silent = true;
  app.use(async (context) => {
    context.set(SECURITY_HEADERS);
    const refusal = refusalOf(context, house);
    if (refusal !== undefined) refuse(context, refusal.status, refusal.reason);
    else if (context.method === 'POST') await act(context, options.stage);
    else if (context.path === '/api/live') listen(context, options.live);
    else serve(context, assets, options.token);
  });
  const server = createServer(app.callback());
  server.listen(options.port, HOST);
  await once(server, 'listening');
  house.port = (server.address() as AddressInfo).port;
  return { port: house.port, close: () => close(server, options.live) };
}

function serve(context: Context, assets: ReadonlyMap<string, Asset>, token: string): void {
  const name = context.path === '/' ? 'index.html' : context.path.replace(/^\/page\//, '');
  const asset = assets.get(name);
  if (asset === undefined) {
    refuse(context, 404, `There is no ${context.path}`);
    return;
  }
  context.type = asset.type;
  const isPage = name === 'index.html';
  context.body = isPage ? asset.bytes.toString().replace('%TOKEN%', token) : asset.bytes;
}

function listen(context: Context, live: Live): void {
  // The answer goes on for as long as the page is open, so it is not Koa's to end.
  context.respond = false;
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.res.setHeader(name, value);
  live.add(context.res);
}

async function act(context: Context, stage: Stage): Promise<void> {
  const name = context.path.replace(/^\/api\//, '');
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) return refuse(context, 404, `There is no ${context.path}`);
  const body = await readJson(context.req);
  if (body === undefined) return refuse(context, 400, 'Send JSON of at most 64 KiB');
  try {
    await action.run(stage, body.json);
    context.body = {};
  } catch (error) {
    refuse(context, 400, error instanceof Error ? error.message : String(error));
  }
}

function refuse(context: Context, status: number, reason: string): void {
  context.status = status;
  context.body = { error: reason };
}

async function readJson(request: IncomingMessage): Promise<{ json: unknown } | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    sizeBytes += chunk.length;
    if (sizeBytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (sizeBytes > MAX_BODY_BYTES) return undefined;
  try {
    return { json: JSON.parse(Buffer.concat(chunks).toString()) };
  } catch {
    return undefined;
  }
}

async function close(server: Server, live: Live): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  live.close();
  server.closeAllConnections();
  await closed;
}
