import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { badJson, Fault } from '../fault.ts';
import type { Content } from '../room/event.ts';
import { parseEventContent, parseObject, readBytes } from './json-body.ts';

const MAX_JSON_BYTES = 4 * 1024 * 1024;

interface CallParts extends Pick<Call, 'path' | 'query' | 'signal'> {
  readonly params: ReadonlyMap<string, string>;
}

/** One request, with the questions that a handler asks of it. */
export class Call {
  readonly method: string;
  /** As it came, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Aborts when the client goes away, or is made to by a homeserver that closes. */
  readonly signal: AbortSignal;
  readonly #params: ReadonlyMap<string, string>;
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage, about: CallParts) {
    this.method = request.method ?? 'GET';
    this.path = about.path;
    this.query = about.query;
    this.headers = request.headers;
    this.signal = about.signal;
    this.#params = about.params;
    this.#request = request;
  }

  /** A part of the path, decoded. */
  param(name: string): string {
    const value = this.#params.get(name);
    if (value === undefined) throw new Error(`The route of ${this.path} has no ':${name}'`);
    return value;
  }

  /** A whole number of the query that is not negative. */
  number(name: string): number | undefined {
    const value = this.query.get(name);
    if (value === null) return undefined;
    if (!/^-?\d+$/.test(value))
      throw new Fault(400, 'M_INVALID_PARAM', `Query parameter '${name}' must be an integer`);
    if (Number(value) < 0)
      throw new Fault(400, 'M_INVALID_PARAM', `Query parameter '${name}' must be positive`);
    return Number(value);
  }

  bytes(maxBytes: number): Promise<Buffer> {
    return readBytes(this.#request, maxBytes);
  }

  /** The body, which must have this shape. @throws {Fault} */
  async json<S extends z.ZodType>(schema: S, ifEmpty?: Content): Promise<z.infer<S>> {
    return shaped(schema, parseObject(await this.bytes(MAX_JSON_BYTES), ifEmpty));
  }

  /** The body as the content of an event. @throws {Fault} */
  async content(): Promise<Content> {
    return parseEventContent(await this.bytes(MAX_JSON_BYTES));
  }
}

/** @throws {Fault} `M_MISSING_PARAM` for what is not there, `M_BAD_JSON` for what is wrong. */
export function shaped<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  if (issue?.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    throw new Fault(400, 'M_MISSING_PARAM', `Missing params: ${where}`);
  throw badJson(`${where}: ${issue?.message ?? 'wrong shape'}`);
}

/** An answer that is not `200` with JSON. */
export class Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;

  constructor(
    status: number,
    body: Uint8Array | string,
    headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
  ) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }

  static json(status: number, body: unknown): Reply {
    return new Reply(status, JSON.stringify(body));
  }
}
