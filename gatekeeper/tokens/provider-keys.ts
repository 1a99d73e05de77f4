import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { type Dispatcher, request } from 'undici';
import { Jwks } from '#gia/schemas';
import { guardedUrl } from '../net/guarded-agent.ts';
import { refuse } from '../server/refusal.ts';
import type { ProviderRow } from '../store/providers.ts';

const MAX_BYTES = 64 * 1024;
const FRESH_MS = 10 * 60_000;

export type ProviderKeys = (provider: ProviderRow) => Promise<JWTVerifyGetKey>;

/** The library does not name the members that ours bounds. */
const keySet = (jwks: Jwks) => createLocalJWKSet(jwks as unknown as JSONWebKeySet);

/** The keys of a provider: those that it gave, or those at the URL that it gave. */
export function providerKeys(agent: Dispatcher, now: () => number): ProviderKeys {
  const fetched = new Map<string, { keys: Promise<JWTVerifyGetKey>; atMs: number }>();
  return async ({ request: { jwks, jwks_uri } }) => {
    if (jwks !== undefined) return keySet(jwks);
    const url = jwks_uri ?? '';
    const known = fetched.get(url);
    if (known !== undefined && now() - known.atMs < FRESH_MS) return known.keys;
    const keys = fetchKeys(url, agent);
    fetched.set(url, { keys, atMs: now() });
    keys.catch(() => fetched.delete(url));
    return keys;
  };
}

async function fetchKeys(text: string, agent: Dispatcher): Promise<JWTVerifyGetKey> {
  const url = guardedUrl(text);
  if (url === undefined) refuse('unauthorized_provider', 'jwks_uri is no https URL of a name');
  try {
    // Redirects are not followed: a name that was agreed on is where the keys are.
    const { statusCode, body } = await request(url, { dispatcher: agent });
    if (statusCode !== 200) throw new Error(`it answered ${statusCode}`);
    let text = '';
    for await (const chunk of body.setEncoding('utf8')) {
      text += chunk;
      if (text.length > MAX_BYTES) throw new Error('it is too large');
    }
    return keySet(Jwks.parse(JSON.parse(text)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse('unavailable', `The keys at jwks_uri cannot be fetched: ${why}`);
  }
}
