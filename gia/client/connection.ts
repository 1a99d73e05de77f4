import { Agent, type Dispatcher, request } from 'undici';
import {
  basePath,
  giaVersion,
  headers,
  type Operation,
  type OperationName,
  operations,
  Problem,
} from '../schemas/index.ts';
import { type AnswerOf, type Call, pathOf } from './calls.ts';
import type { Credentials } from './credentials.ts';
import { type ApiFailure, badAnswer, noAnswer, refused } from './failure.ts';

export interface Address {
  /** Such as `https://gia.alicechat.example`: also what tokens are made for. */
  readonly origin: string;
  /** PEM, of a gatekeeper whose certificate no public authority signed. */
  readonly ca?: string;
  /** Without an answer, or a byte of it, for so long it is given up. */
  readonly timeoutMs?: number;
}

/** One gatekeeper, spoken to as one caller. It keeps connections open until `close`. */
export interface Connection {
  readonly origin: string;
  /**
   * @returns what the gatekeeper answered, checked against the schema; `undefined` where there is nothing in it
   * @throws ApiFailure
   */
  call<N extends OperationName>(name: N, call: Call<N>): Promise<AnswerOf<N>>;
  /** The same for what is answered as bytes: a file, or a stream of events. */
  open<N extends OperationName>(name: N, call: Call<N>, timeoutMs?: number): Promise<Opened>;
  /** Who else speaks over the same connections. */
  as(credentials: Credentials): Connection;
  close(): Promise<void>;
}

export interface Opened {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array>;
}

const TIMEOUT_MS = 30_000;
const ANSWER_BYTES = 8 * 1024 * 1024;

export function connect(address: Address, credentials: Credentials): Connection {
  const { origin, ca, timeoutMs = TIMEOUT_MS } = address;
  const agent = new Agent({ connect: { ...(ca && { ca }), timeout: timeoutMs } });
  return speaking({ origin, agent, timeoutMs, credentials });
}

interface Line {
  readonly origin: string;
  readonly agent: Agent;
  readonly timeoutMs: number;
  readonly credentials: Credentials;
}

function speaking(line: Line): Connection {
  return {
    origin: line.origin,
    async call<N extends OperationName>(name: N, call: Call<N>): Promise<AnswerOf<N>> {
      const operation: Operation = operations[name];
      const response = await send(line, operation, { ...call });
      return (await answerOf(operation, response)) as AnswerOf<N>;
    },
    async open(name, call, timeoutMs = line.timeoutMs) {
      const response = await send({ ...line, timeoutMs }, operations[name], { ...call });
      if (response.statusCode >= 300) throw await refusal(response);
      return { status: response.statusCode, body: response.body };
    },
    as: (credentials) => speaking({ ...line, credentials }),
    close: () => line.agent.close(),
  };
}

interface AnyCall {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly user?: string;
  readonly key?: string;
  readonly signal?: AbortSignal;
}

async function send(
  line: Line,
  operation: Operation,
  call: AnyCall,
): Promise<Dispatcher.ResponseData> {
  const url = `${line.origin}${basePath}${pathOf(operation, call)}`;
  const { method } = operation;
  const isBytes = call.body instanceof Uint8Array;
  const body = bytesOf(call.body);
  const authorization = line.credentials({ method, url, body });
  const type = isBytes ? 'application/octet-stream' : 'application/json';
  try {
    return await request(url, {
      ...{ method, dispatcher: line.agent, signal: call.signal ?? null },
      ...{ headersTimeout: line.timeoutMs, bodyTimeout: line.timeoutMs },
      ...(call.body !== undefined && { body }),
      headers: {
        [headers.version]: giaVersion,
        ...(call.body !== undefined && { 'content-type': type }),
        ...(authorization && { authorization }),
        ...(call.user && { [headers.user]: call.user }),
        ...(call.key && { [headers.idempotencyKey]: call.key }),
        ...call.headers,
      },
    });
  } catch (cause) {
    call.signal?.throwIfAborted();
    throw noAnswer(cause);
  }
}

/** Of what is bytes already nothing is made: to write a piece of a file as JSON would take seconds. */
function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(body === undefined ? '' : JSON.stringify(body));
}

async function answerOf(operation: Operation, response: Dispatcher.ResponseData): Promise<unknown> {
  const { statusCode } = response;
  const answer = operation.answers[statusCode];
  if (answer === undefined) throw await refusal(response);
  const text = await textOf(response);
  if (answer === 'nothing') return undefined;
  if (typeof answer === 'string') throw badAnswer('bytes are opened, not called for');
  const read = answer.safeParse(jsonOf(text));
  if (!read.success) throw badAnswer(`${statusCode} is not as documented: ${read.error.message}`);
  return read.data;
}

async function refusal(response: Dispatcher.ResponseData): Promise<ApiFailure> {
  const read = Problem.safeParse(jsonOf(await textOf(response)));
  const retryAfter = response.headers['retry-after'];
  if (read.success) return refused(read.data, retryAfter?.toString());
  return badAnswer(`status ${response.statusCode}, and no problem that is documented`);
}

async function textOf({ body }: Dispatcher.ResponseData): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of body) {
      size += piece.length;
      if (size > ANSWER_BYTES) throw badAnswer(`more than ${ANSWER_BYTES} bytes`);
      pieces.push(piece);
    }
  } catch (cause) {
    if (size > ANSWER_BYTES) throw cause;
    throw noAnswer(cause);
  }
  return Buffer.concat(pieces).toString();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
