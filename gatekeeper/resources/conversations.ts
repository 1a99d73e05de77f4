import { levelOf } from '../hub/level.ts';
import { type Context, suites } from '../server/context.ts';
import type { Handlers } from '../server/handler.ts';
import { refuse } from '../server/refusal.ts';
import { randomId } from '../server/secrets.ts';
import type { ConversationRow } from '../store/conversations.ts';
import type { Store } from '../store/index.ts';
import type { UserRow } from '../store/users.ts';
import { conversationView } from './conversation-view.ts';
import { existing } from './user-view.ts';

type Names = 'createConversation' | 'listConversations' | 'getConversation';
const PAGE = 50;

export function conversations(context: Context): Handlers<Names> {
  const { store, domain } = context;
  return {
    createConversation({ caller: { user }, body }) {
      if (body.type !== 'dm')
        refuse('capability_not_enabled', 'Only conversations of two people (dm) are enabled here');
      if (!suites.some((suite) => suite === body.suite))
        refuse('suite_mismatch', `The suites here are ${suites.join(', ')}`);
      const peer = existing(store, body.peer);
      if (peer.user_ref === user.user_ref)
        refuse('invalid_request', 'body.peer: is the user who calls');
      return store.transaction(() => {
        const known = store.conversations.between(pairOf(user, peer), body.suite);
        if (known !== undefined)
          return { status: 200, body: conversationView(store, domain, known) };
        return { status: 201, body: created(context, user, peer, body.suite) };
      });
    },
    listConversations({ caller: { user }, query }) {
      const after = query.after === undefined ? 0 : own(store, user, query.after).n;
      const limit = query.limit ?? PAGE;
      const rows = store.conversations.of(user.user_ref, after, limit + 1);
      const page = rows.slice(0, limit);
      const next = rows.length > limit ? page.at(-1)?.conv_id : undefined;
      const views = page.map((row) => conversationView(store, domain, row));
      return { status: 200, body: { conversations: views, ...(next !== undefined && { next }) } };
    },
    getConversation: ({ caller: { user }, params }) => ({
      status: 200,
      body: conversationView(store, domain, own(store, user, params.conv_id)),
    }),
  };
}

/** A conversation, if the user takes part. Others learn as much as if it were not there. */
export function own(store: Store, { user_ref }: UserRow, convId: string): ConversationRow {
  const row = store.conversations.get(convId);
  if (row === undefined || (row.one_ref !== user_ref && row.other_ref !== user_ref))
    return refuse('not_found', 'There is no such conversation of this user');
  return row;
}

export const otherOf = (
  store: Store,
  { one_ref, other_ref }: ConversationRow,
  user: UserRow,
): UserRow => existing(store, one_ref === user.user_ref ? other_ref : one_ref);

const pairOf = (a: UserRow, b: UserRow): [string, string] =>
  a.user_ref < b.user_ref ? [a.user_ref, b.user_ref] : [b.user_ref, a.user_ref];

function created(context: Context, user: UserRow, peer: UserRow, suite: string) {
  const { store, hub, domain, budgets, now } = context;
  refuseUnreachable(store, peer);
  budgets('firstContacts', user.user_ref);
  const conv_id = randomId('cv_');
  const [one_ref, other_ref] = pairOf(user, peer);
  const level = levelOf(suite, [one_ref, other_ref].flatMap(store.devices.of));
  store.conversations.add({ conv_id, suite, one_ref, other_ref, level, created_ms: now() });
  const data = conversationView(store, domain, own(store, user, conv_id));
  const told = { type: 'conversation.created', conv_id, data } as const;
  hub.tellUser(user, told);
  // Whoever is blocked is not told so, and nobody is bothered.
  if (!store.blocks.has(peer.user_ref, user.user_ref)) hub.tellUser(peer, told);
  return data;
}

/** What could not be delivered is not accepted. */
export function refuseUnreachable(store: Store, peer: UserRow): void {
  const provider = store.providers.byIntegrator(peer.integrator);
  if (provider !== undefined && provider.state !== 'operational')
    refuse('blocked_by_policy', 'The provider of the other side is suspended');
  if (peer.state === 'suspended') refuse('user_suspended', 'The other side is suspended');
  if (peer.state !== 'active') refuse('not_found', 'There is no such user');
}
