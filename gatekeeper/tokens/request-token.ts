import { decodeJwt } from 'jose';
import { limits, RequestToken, tokenTypes } from '#gia/schemas';
import { refuse } from '../server/refusal.ts';
import { sameSecret, sha256 } from '../server/secrets.ts';
import type { Store } from '../store/index.ts';
import type { ProviderRow } from '../store/providers.ts';
import type { ProviderKeys } from './provider-keys.ts';
import { verified } from './verify.ts';

export interface SignedRequest {
  readonly token: string;
  readonly method: string;
  readonly url: string;
}

export interface TokenCheck {
  readonly store: Store;
  readonly keys: ProviderKeys;
  readonly origin: string;
  readonly nowMs: number;
}

/** Who signed a request, before its body is read. */
export async function providerOf(
  { token, method, url }: SignedRequest,
  { store, keys, origin, nowMs }: TokenCheck,
): Promise<{ provider: ProviderRow; claims: RequestToken }> {
  const provider = store.providers.byDomain(issuerOf(token));
  if (provider === undefined || ['requested', 'needs_info', 'agreed'].includes(provider.state))
    return refuse('unauthorized_provider', 'No provider of this name is operational here');
  const expected = {
    typ: tokenTypes.request,
    issuer: provider.domain,
    audience: origin,
    maxAgeS: limits.requestTokenS,
    nowMs,
  };
  const claims = await verified(RequestToken, token, { keys: await keys(provider), expected });
  if (provider.state === 'suspended')
    refuse('forbidden', `The provider is suspended: ${provider.note ?? 'ask the operator'}`);
  if (claims.htm !== method)
    refuse('unauthorized_provider', 'The token is for another method (htm)');
  if (claims.htu !== url)
    refuse('unauthorized_provider', `The token is for another URL (htu), not for ${url}`);
  return { provider, claims };
}

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    return refuse('unauthorized_provider', 'The token is no JWT');
  }
}

/** Once the body is there: it is the one that was signed, and this is the only time that the token is used. */
export function useToken(claims: RequestToken, bodyHash: string, store: Store): void {
  if (!sameSecret(claims.bh, bodyHash))
    refuse('unauthorized_provider', 'The body is not the one that was signed (bh)');
  useOnce(store, claims.iss, claims.jti, claims.exp);
}

/** @param name of the token, unique for its issuer. */
export function useOnce(store: Store, issuer: string, name: string, expiresS: number): void {
  const isFirst = store.usedTokens.use(
    sha256(`${issuer}\n${name}`),
    expiresS + 2 * limits.clockLeewayS,
  );
  if (!isFirst)
    refuse('token_replayed', 'This token was used before: sign a new one for each attempt');
}
