import { MatrixError } from '../../ports/matrix.ts';
import { count, text } from '../../util/fields.ts';

/** The connection was never made, so the request was certainly not read. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
]);

/** A request that got no answer. */
export function unanswered(endpoint: string, error: unknown): MatrixError {
  const code = codeOf(error);
  const isAway = code !== undefined && NOT_CONNECTED.has(code);
  return new MatrixError(
    isAway ? 'away' : 'ambiguous',
    isAway
      ? `${endpoint}: the homeserver cannot be reached (${code}); is its url in the config right?`
      : `${endpoint}: the homeserver did not answer (${code ?? 'cut off'})`,
    { endpoint, cause: error },
  );
}

function codeOf(error: unknown): string | undefined {
  // Node tries every address of a name, and reports their failures together.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const TOKEN_CODES: ReadonlySet<string> = new Set(['M_UNKNOWN_TOKEN', 'M_MISSING_TOKEN']);

/** An answer that is not 2xx. Judged by status and errcode, never by the words of the error. */
export function refusal(
  endpoint: string,
  status: number,
  body: unknown,
  retryAfterMs?: number,
): MatrixError {
  const errcode = text(body, 'errcode');
  const about = {
    endpoint,
    status,
    ...(errcode === undefined ? {} : { errcode }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  const kind = kindOf(status, errcode);
  // What the homeserver says may repeat ids, but never a token: it never gets one outside the header.
  const said = text(body, 'error')?.slice(0, 200);
  const why = kind === 'token' ? 'as_token is not known to the homeserver' : (said ?? hint(status));
  return new MatrixError(kind, `${endpoint}: ${status} ${errcode ?? ''} (${why})`, about);
}

function kindOf(status: number, errcode: string | undefined): MatrixError['kind'] {
  if (errcode !== undefined && TOKEN_CODES.has(errcode)) return 'token';
  if (status === 429) return 'away';
  if (status >= 500 || status === 408) return 'ambiguous';
  return 'refused';
}

function hint(status: number): string {
  if (status >= 300 && status < 400)
    return 'a redirect, which is not followed: check its url in the config';
  return 'no reason given';
}

/** A 2xx answer that is not what it should be: it may have been done, or a proxy answered. */
export const unreadable = (endpoint: string, status: number, why: string): MatrixError =>
  new MatrixError('ambiguous', `${endpoint}: ${status}, but the answer is ${why}`, {
    endpoint,
    status,
  });

/** A request that is not even sent, as the homeserver is known to refuse it. */
export const notSent = (endpoint: string, errcode: string, why: string): MatrixError =>
  new MatrixError('refused', `${endpoint}: not sent, ${why}`, { endpoint, errcode });

/** How long a limit asks to wait: the longer of what header and body say. `undefined`: it does not say. */
export function retryAfterMs(
  header: string | undefined,
  body: unknown,
  nowMs: number,
): number | undefined {
  const told = [headerMs(header, nowMs), count(body, 'retry_after_ms')].filter(
    (ms) => ms !== undefined,
  );
  return told.length === 0 ? undefined : Math.max(...told);
}

/** Seconds or a date. @see RFC 9110 section 10.2.3 */
function headerMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
