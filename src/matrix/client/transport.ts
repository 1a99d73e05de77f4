import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import type { MatrixUserId } from '../../model/matrix-ids.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Endpoint, nameOf, pathOf } from './endpoint.ts';
import { refusal, retryAfterMs, unanswered, unreadable } from './failures.ts';
import { type Connections, holdLine } from './line.ts';

const DEFAULT_TIMEOUT_MS = 60_000;

/** The members of the largest rooms make some ten megabytes. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** How long a file may stand still while it is read. */
const STALLED_MS = 60_000;

/** A file to be sent, which can be opened again for another attempt. */
export interface FileBody {
  readonly sizeBytes: number;
  readonly mimeType: string;
  open(): Readable;
}

/** What goes into one request, besides the endpoint. */
export interface Call {
  /** For each `{}` of the path. */
  readonly ids?: readonly string[];
  /** Whom to act as. Absent: the appservice itself. */
  readonly as?: MatrixUserId;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON, written already: each attempt sends the same bytes. */
  readonly json?: string;
  readonly file?: FileBody;
}

/** Sends a request once. */
export interface Transport {
  /** @throws {MatrixError} */
  json(endpoint: Endpoint, call: Call): Promise<unknown>;
  /** The body of the answer, as it comes. @throws {MatrixError}, also while it is read. */
  stream(endpoint: Endpoint, call: Call, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Lets what runs end, for `graceMs` at most. */
  close(graceMs: number): Promise<void>;
}

/**
 * Connections to the homeserver. Files have some of their own, so that a slow one takes none from a
 * message.
 */
export function transport(options: {
  readonly url: string;
  readonly asToken: string;
  readonly clock: Clock;
  /** The line that is held to the homeserver has ended, so it was away. */
  readonly lineEnded: () => void;
}): Transport {
  const base = new URL(options.url);
  const prefix = base.pathname.replace(/\/+$/, '');
  const common = { connect: { timeout: 10_000 }, keepAliveTimeout: 10_000, headersTimeout: 0 };
  const pool = new Pool(base.origin, { ...common, connections: 104, bodyTimeout: 0 });
  const files = new Pool(base.origin, { ...common, connections: 32, bodyTimeout: STALLED_MS });
  const line = holdLine(base.origin, { ...common, bodyTimeout: 0 }, options.lineEnded);

  const authorization = `Bearer ${options.asToken}`;

  function connectionsFor({ bucket, onLine }: Endpoint): Connections {
    if (onLine) return line;
    return bucket === 'media' ? files : pool;
  }

  async function ask(
    endpoint: Endpoint,
    call: Call,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const request = {
      method: endpoint.method,
      path: prefix + pathOf(endpoint, call.ids ?? []) + queryOf(call),
      headers: headersOf(endpoint, call, authorization),
      body: bodyOf(endpoint, call),
      signal,
    };
    const response = await connectionsFor(endpoint)
      .request(request)
      .catch((error: unknown) => {
        throw unanswered(nameOf(endpoint), error);
      });
    if (response.statusCode >= 200 && response.statusCode < 300) return response;
    throw await refused(endpoint, response, options.clock.now());
  }

  return {
    async json(endpoint, call) {
      const attempt = deadline(options.clock, endpoint.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      try {
        return await readJson(endpoint, await ask(endpoint, call, attempt.signal));
      } finally {
        attempt.cancel();
      }
    },
    async stream(endpoint, call, signal) {
      const attempt = deadline(options.clock, endpoint.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      try {
        const both = AbortSignal.any([signal, attempt.signal]);
        return pieces(endpoint, (await ask(endpoint, call, both)).body);
      } finally {
        attempt.cancel();
      }
    },
    async close(graceMs) {
      const pools = [pool, files, line];
      const cancel = options.clock.after(graceMs, () => {
        for (const each of pools) void each.destroy();
      });
      await Promise.allSettled(pools.map((each) => each.close()));
      cancel();
    },
  };
}

function deadline(clock: Clock, delayMs: number): { signal: AbortSignal; cancel(): void } {
  const controller = new AbortController();
  const cancel = clock.after(delayMs, () => {
    controller.abort(Object.assign(new Error('No answer in time'), { code: 'timeout' }));
  });
  return { signal: controller.signal, cancel };
}

function queryOf(call: Call): string {
  const query = new URLSearchParams(call.query);
  if (call.as !== undefined) query.set('user_id', call.as);
  return query.size === 0 ? '' : `?${query}`;
}

function headersOf(endpoint: Endpoint, call: Call, authorization: string): Record<string, string> {
  return {
    accept: 'application/json, */*;q=0.1',
    'user-agent': 'drawbridge',
    ...(endpoint.isPublic ? {} : { authorization }),
    ...(call.file
      ? { 'content-type': call.file.mimeType, 'content-length': String(call.file.sizeBytes) }
      : { 'content-type': 'application/json' }),
  };
}

function bodyOf(endpoint: Endpoint, call: Call): string | Readable | null {
  if (call.file) return call.file.open();
  return endpoint.method === 'GET' ? null : (call.json ?? '{}');
}

async function readJson(endpoint: Endpoint, response: Dispatcher.ResponseData): Promise<unknown> {
  const bytes = await readAnswer(endpoint, response);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw unreadable(nameOf(endpoint), response.statusCode, 'not JSON');
  }
}

async function readAnswer(endpoint: Endpoint, response: Dispatcher.ResponseData): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of pieces(endpoint, response.body)) {
    sizeBytes += chunk.byteLength;
    // Leaving the loop closes the connection.
    if (sizeBytes > MAX_ANSWER_BYTES)
      throw unreadable(nameOf(endpoint), response.statusCode, 'too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* pieces(
  endpoint: Endpoint,
  body: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw unanswered(nameOf(endpoint), error);
  }
}

async function refused(endpoint: Endpoint, response: Dispatcher.ResponseData, nowMs: number) {
  const body = await readJson(endpoint, response).catch(() => undefined);
  const header = response.headers['retry-after'];
  const afterMs = retryAfterMs(Array.isArray(header) ? header[0] : header, body, nowMs);
  return refusal(nameOf(endpoint), response.statusCode, body, afterMs);
}
