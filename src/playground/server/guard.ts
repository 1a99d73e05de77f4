import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What of a request says who sent it. */
export interface Asking {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/** On which port the page is, and the secret that the page of this start was given. */
export interface House {
  readonly port: number;
  readonly token: string;
}

/** A request that does not come from the page: what it is told. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/**
 * Whether a request comes from the playground's own page on this machine.
 *
 * `Host` keeps out names that were made to point here (DNS rebinding), `Origin` and
 * `Sec-Fetch-Site` keep out other pages, and the token whoever never saw the page.
 */
export function refusalOf({ method, headers }: Asking, house: House): Refusal | undefined {
  const hosts = [`127.0.0.1:${house.port}`, `localhost:${house.port}`];
  if (!hosts.includes(String(headers.host)))
    return { status: 421, reason: `Open the playground at http://${hosts[0]}/` };
  if (!isOwnOrigin(headers, hosts))
    return { status: 403, reason: 'Only the page of the playground itself may ask' };
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (method !== 'POST') return { status: 405, reason: 'Use GET or POST' };
  if (!isJson(headers)) return { status: 415, reason: 'Send application/json' };
  if (!isToken(headers['x-playground-token'], house.token))
    return { status: 403, reason: 'The playground was started anew. Load this page again.' };
  return undefined;
}

function isOwnOrigin(headers: Asking['headers'], hosts: readonly string[]): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return false;
  return site === undefined || site === 'same-origin' || site === 'none' || isLink(headers);
}

/** Somebody follows a link to the page. The page that has the link sees nothing of it. */
const isLink = (headers: Asking['headers']) =>
  headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';

const isJson = (headers: Asking['headers']) =>
  /^application\/json(;|$)/.test(String(headers['content-type']));

function isToken(given: string | readonly string[] | undefined, token: string): boolean {
  const [one, other] = [Buffer.from(String(given)), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
