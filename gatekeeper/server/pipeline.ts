import type { IncomingMessage } from 'node:http';
import { GiaVersion, giaVersion, headers, limits, type Operation } from '#gia/schemas';
import { defaultRates, rateHeaders } from '../limits/budgets.ts';
import { useToken } from '../tokens/request-token.ts';
import { parseJson, readBody } from './body.ts';
import { type Asking, type Known, known } from './callers.ts';
import { checked } from './checked.ts';
import type { Context } from './context.ts';
import type { Call, Caller } from './handler.ts';
import { Refusal, refuse } from './refusal.ts';
import type { Route } from './routes.ts';
import { sha256 } from './secrets.ts';

export interface Request extends Asking {
  readonly address: string;
  readonly query: URLSearchParams;
  readonly stream: IncomingMessage;
  /** Of the answer. */
  readonly setHeader: (name: string, value: string) => void;
}

/** Who calls, and how much they still may. Whoever is nobody known is slowed down, and holds up nobody else. */
export async function admitted(
  context: Context,
  { operation }: Route,
  request: Request,
): Promise<Known> {
  refuseVersion(request.header(headers.version));
  try {
    const { caller, claims } = await known(context, operation.callers, request);
    const taken = context.budgets('caller', nameOf(caller, request));
    const rate = context.rates.caller ?? defaultRates.caller;
    for (const [name, value] of Object.entries(rateHeaders(taken, rate)))
      request.setHeader(name, value);
    return { caller, ...(claims && { claims }) };
  } catch (error) {
    if (error instanceof Refusal && error.code === 'unauthorized_provider')
      context.budgets('strangers', request.address);
    throw error;
  }
}

export function nameOf(caller: Caller, { address }: Pick<Request, 'address'>): string {
  if (caller === undefined) return `address ${address}`;
  if (caller.kind === 'provider') return `provider ${caller.provider.integrator}`;
  return caller.provider === undefined
    ? `user ${caller.user.user_ref}`
    : `provider ${caller.provider.integrator}`;
}

function refuseVersion(version: string): void {
  if (version === '') return;
  if (checked(GiaVersion, version, headers.version) !== giaVersion)
    refuse('unsupported_version', `${headers.version}: this gatekeeper speaks ${giaVersion}`);
}

/** All of a call that its schemas describe. */
export async function readCall(
  context: Context,
  route: Route,
  request: Request,
  { caller, claims }: Known,
): Promise<Call> {
  const { operation } = route;
  const isBytes = operation.body === 'bytes';
  const raw = isBytes ? Buffer.alloc(0) : await readBody(request.stream, limits.bodyBytes);
  const bodyHash = sha256(raw);
  // Before the body is understood: what nobody signed is not even looked at.
  if (claims !== undefined) useToken(claims, bodyHash.toString('base64url'), context.store);
  const call = {
    caller,
    params: every(operation.params, (name) => route.params[name], 'path'),
    query: queryOf(operation, request.query),
    headers: every(operation.headers, (name) => request.header(name) || undefined, 'header'),
    body: isBytes ? request.stream : bodyOf(operation, raw),
    bodyHash,
    range: request.header('Range') || undefined,
  };
  return call as unknown as Call;
}

function every(
  schemas: Operation['params'],
  value: (name: string) => unknown,
  where: string,
): Record<string, unknown> {
  const entries = Object.entries(schemas ?? {});
  return Object.fromEntries(
    entries.map(([name, schema]) => [name, checked(schema, value(name), `${where} ${name}`)]),
  );
}

const queryOf = ({ query }: Operation, given: URLSearchParams) =>
  query === undefined ? {} : checked(query, Object.fromEntries(given), 'query');

const bodyOf = ({ body }: Operation, raw: Buffer) =>
  body === undefined || body === 'bytes' ? undefined : checked(body, parseJson(raw), 'body');
