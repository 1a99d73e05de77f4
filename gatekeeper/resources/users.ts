import type { Context } from '../server/context.ts';
import type { Handlers } from '../server/handler.ts';
import type { UserRow } from '../store/users.ts';
import { existing, oneself, peersOf, userView } from './user-view.ts';

type Names = 'getUser' | 'searchUsers' | 'changeUser' | 'deleteUser' | 'lookup';

export function users(context: Context): Handlers<Names> {
  const { store, hub, budgets } = context;
  return {
    getUser: ({ params }) => ({ status: 200, body: userView(existing(store, params.user_ref)) }),
    searchUsers: ({ query }) => ({
      status: 200,
      body: { users: store.users.search(query.q).map(userView) },
    }),
    changeUser({ caller, params, body: { profile } }) {
      const user = oneself(caller, params.user_ref);
      store.transaction(() => {
        store.users.change(user, { name: profile.name, avatar_ref: profile.avatar_ref ?? null });
        const data = { user_ref: user.user_ref, profile };
        for (const peer of peersOf(store, user.user_ref))
          hub.tellUser(peer, { type: 'user.updated', data });
      });
      return { status: 200, body: userView(existing(store, user.user_ref)) };
    },
    deleteUser({ caller, params }) {
      const user = oneself(caller, params.user_ref);
      store.transaction(() => removeUser(context, user));
      return { status: 204 };
    },
    lookup({ caller, body }) {
      for (const _ of body.identifiers) budgets('lookups', caller.user.user_ref);
      const results = body.identifiers.map((identifier) => {
        const user = store.users.byVisibleId(identifier);
        if (user === undefined || store.blocks.has(user.user_ref, caller.user.user_ref))
          return { identifier, status: 'not_found_or_not_allowed' as const };
        return { identifier, status: 'found' as const, user_ref: user.user_ref, name: user.name };
      });
      return { status: 200, body: { results } };
    },
  };
}

/** What is left says that there was somebody, and not who. */
function removeUser({ store, hub }: Context, user: UserRow): void {
  for (const { device } of store.devices.of(user.user_ref)) {
    store.keys.removeOf(user.user_ref, device);
    store.devices.remove(user.user_ref, device);
    store.events.removeTo(user.user_ref, device);
    hub.endDevice(user, device);
  }
  store.sessions.removeOf(user.user_ref);
  store.challenges.remove(user.user_ref);
  store.users.change(user, {
    state: 'deleted',
    visible_id: `deleted@${user.provider}`,
    name: 'Deleted user',
    avatar_ref: null,
    account_key: null,
    list: null,
    password: null,
  });
  for (const peer of peersOf(store, user.user_ref))
    hub.tellUser(peer, { type: 'user.deleted', data: { user_ref: user.user_ref } });
}
