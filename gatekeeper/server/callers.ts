import { type Callers, GiaUser, headers, type RequestToken, schemes } from '#gia/schemas';
import { providerOf, type SignedRequest } from '../tokens/request-token.ts';
import { checked } from './checked.ts';
import type { Context } from './context.ts';
import type { Caller, LocalCaller, UserCaller } from './handler.ts';
import { refuse } from './refusal.ts';
import { sha256 } from './secrets.ts';

export interface Known {
  readonly caller: Caller;
  /** Of a provider: what is to be compared with the body. */
  readonly claims?: RequestToken;
}

export interface Asking {
  readonly header: (name: string) => string;
  readonly method: string;
  readonly url: string;
}

/** Who calls, by the headers alone. */
export async function known(context: Context, callers: Callers, asking: Asking): Promise<Known> {
  if (callers === 'anyone') return { caller: undefined };
  const [, scheme = '', token = ''] = /^(\S+) +(\S+)$/.exec(asking.header('Authorization')) ?? [];
  if (scheme === schemes.localUser) {
    if (callers === 'provider') refuse('forbidden', 'Only a provider may call this');
    return { caller: localUser(context, token) };
  }
  if (scheme !== schemes.provider)
    refuse(
      'unauthorized_provider',
      'Authorization: GIA and a JWT, or Bearer and the token of a login',
    );
  return byProvider(context, callers, asking, token);
}

async function byProvider(
  context: Context,
  callers: Callers,
  asking: Asking,
  token: string,
): Promise<Known> {
  if (callers === 'local')
    refuse('forbidden', 'Only a user of the gatekeeper itself may call this');
  const signed: SignedRequest = { token, method: asking.method, url: asking.url };
  const check = { ...context, nowMs: context.now() };
  const { provider, claims } = await providerOf(signed, check);
  if (callers !== 'user') return { caller: { kind: 'provider', provider }, claims };
  const ref = checked(GiaUser, asking.header(headers.user) || undefined, headers.user);
  const user = context.store.users.get(ref);
  if (user === undefined || user.integrator !== provider.integrator || user.state === 'deleted')
    return refuse('not_found', 'GIA-User: no user of this provider');
  return { caller: active({ kind: 'user', user, provider }), claims };
}

function localUser({ store }: Context, token: string): LocalCaller {
  const session = store.sessions.get(sha256(token));
  const user = session && store.users.get(session.user_ref);
  if (session === undefined || user === undefined)
    return refuse('unauthorized_provider', 'This token is of no login: log in');
  return active({ kind: 'user', user, device: session.device });
}

function active<T extends UserCaller>(caller: T): T {
  const { state, reason } = caller.user;
  if (state === 'suspended')
    refuse('user_suspended', `The user is suspended: ${reason ?? 'no reason given'}`);
  if (state !== 'active') refuse('forbidden', 'The user has not answered the challenge');
  return caller;
}
