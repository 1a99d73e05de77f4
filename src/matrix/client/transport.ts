import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import type { MatrixUserId } from '../../model/matrix-ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MatrixError, OpenFile } from '../../ports/matrix.ts';
import { readBytes } from '../../util/read-bytes.ts';
import { type Endpoint, nameOf, pathOf } from './endpoint.ts';
import { type Answer, exchange } from './exchange.ts';
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
  stream(endpoint: Endpoint, call: Call, signal: AbortSignal): Promise<OpenFile>;
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

  const requestOf = (endpoint: Endpoint, call: Call) => ({
    method: endpoint.method,
    path: prefix + pathOf(endpoint, call.ids ?? []) + queryOf(call),
    headers: headersOf(endpoint, call, authorization),
    body: bodyOf(endpoint, call),
  });

  async function askForFile(
    endpoint: Endpoint,
    call: Call,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const request = { ...requestOf(endpoint, call), signal };
    const response = await files.request(request).catch((error: unknown) => {
      throw unanswered(nameOf(endpoint), error);
    });
    if (isFine(response.statusCode)) return response;
    const { statusCode: status, headers } = response;
    const bytes = await wholeOf(response).catch(() => undefined);
    throw refused(endpoint, { status, headers, bytes }, options.clock.now());
  }

  return {
    async json(endpoint, call) {
      const answer = await exchange(connectionsFor(endpoint), requestOf(endpoint, call), {
        clock: options.clock,
        timeoutMs: endpoint.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        maxBytes: MAX_ANSWER_BYTES,
      }).catch((error: unknown) => {
        throw unanswered(nameOf(endpoint), error);
      });
      if (isFine(answer.status)) return readJson(endpoint, answer);
      throw refused(endpoint, answer, options.clock.now());
    },
    async stream(endpoint, call, signal) {
      const attempt = deadline(options.clock, endpoint.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      try {
        const both = AbortSignal.any([signal, attempt.signal]);
        const { headers, body } = await askForFile(endpoint, call, both);
        const sizeBytes = Number(headers['content-length'] ?? Number.NaN);
        return {
          bytes: pieces(endpoint, body),
          ...(Number.isSafeInteger(sizeBytes) && { sizeBytes }),
        };
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

const isFine = (status: number): boolean => status >= 200 && status < 300;

function queryOf({ as, query }: Call): string {
  const fields = Object.entries({ ...query, ...(as !== undefined && { user_id: as }) });
  const pairs = fields.map(
    ([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`,
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
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

function readJson(endpoint: Endpoint, { status, bytes }: Answer): unknown {
  if (!bytes) throw unreadable(nameOf(endpoint), status, 'too large');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw unreadable(nameOf(endpoint), status, 'not JSON');
  }
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

/** What a file endpoint says when it gives none. */
async function wholeOf(response: Dispatcher.ResponseData): Promise<Buffer | undefined> {
  const { bytes, complete } = await readBytes(response.body, MAX_ANSWER_BYTES, 0);
  return complete ? bytes : undefined;
}

function refused(endpoint: Endpoint, answer: Answer, nowMs: number): MatrixError {
  const header = answer.headers['retry-after'];
  const body = jsonOrNothing(answer.bytes);
  const afterMs = retryAfterMs(Array.isArray(header) ? header[0] : header, body, nowMs);
  return refusal(nameOf(endpoint), answer.status, body, afterMs);
}

function jsonOrNothing(bytes: Buffer | undefined): unknown {
  try {
    return bytes && JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
