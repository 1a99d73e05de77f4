import { type Enlist, type Enlisted, limits, tokenTypes, UserToken } from '#gia/schemas';
import type { Context } from '../server/context.ts';
import type { Handlers } from '../server/handler.ts';
import { refuse } from '../server/refusal.ts';
import type { ProviderRow } from '../store/providers.ts';
import type { UserRow } from '../store/users.ts';
import { useOnce } from '../tokens/request-token.ts';
import { verified } from '../tokens/verify.ts';
import { answer, pose } from './challenge.ts';
import { newUser } from './new-user.ts';
import { userView } from './user-view.ts';

export function enlistment(context: Context): Handlers<'enlist' | 'answerChallenge'> {
  const { store } = context;
  return {
    async enlist({ caller: { provider }, body }) {
      await refuseUnproved(context, provider, body);
      const known = store.users.byId(provider.integrator, body.visible_id);
      if (known !== undefined) return { status: 200, body: enlisted(context, known) };
      context.budgets('enlistments', String(provider.integrator));
      const user = newUser({
        integrator: provider.integrator,
        provider: provider.domain,
        visible_id: body.visible_id,
        name: body.profile.name,
        avatar_ref: body.profile.avatar_ref ?? null,
        discoverable: Number(body.consent.discoverable),
        tos_version: body.consent.tos_version,
        state: provider.trusts_auth ? 'active' : 'challenge',
        created_ms: context.now(),
      });
      store.users.add(user);
      return { status: 201, body: enlisted(context, { ...blank, ...user }) };
    },
    answerChallenge({ caller: { provider }, params, body }) {
      const user = store.users.get(params.user_ref);
      if (user?.integrator !== provider.integrator)
        return refuse('not_found', 'There is no such user of this provider');
      return { status: 200, body: userView(answer(context, user, body)) };
    },
  };
}

const blank = { account_key: null, list_v: 0, list: null, reason: null };

/** Whoever has not answered is asked anew each time. */
const enlisted = (context: Context, user: UserRow): Enlisted => ({
  ...userView(user),
  ...(user.state === 'challenge' && { challenge: pose(context, user) }),
});

/** The provider has to say who that is, in a token that counts once; and its users are those of its domain. */
async function refuseUnproved(
  context: Context,
  provider: ProviderRow,
  body: Enlist,
): Promise<void> {
  const nowMs = context.now();
  const claims = await verified(UserToken, body.user_token, {
    keys: await context.keys(provider),
    expected: {
      typ: tokenTypes.user,
      issuer: provider.domain,
      audience: context.origin,
      maxAgeS: limits.userTokenS,
      nowMs,
    },
  });
  if (claims.sub !== body.visible_id)
    refuse('invalid_request', 'body.visible_id: is not the sub of the user token');
  if (!body.visible_id.endsWith(`@${provider.domain}`))
    refuse('invalid_request', 'body.visible_id: ends with @ and the domain of the provider');
  if (claims.auth_time > nowMs / 1000 + limits.clockLeewayS)
    refuse('invalid_request', 'The auth_time of the user token is of the future');
  useOnce(context.store, provider.domain, `user ${claims.nonce}`, claims.exp);
}
