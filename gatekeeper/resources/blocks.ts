import type { Context } from '../server/context.ts';
import type { Handlers } from '../server/handler.ts';
import { existing } from './user-view.ts';

/** Private: nobody else learns of it. Alike for local and remote users, on either side. */
export function blocks({ store }: Context): Handlers<'listBlocks' | 'block' | 'unblock'> {
  return {
    listBlocks: ({ caller }) => ({
      status: 200,
      body: { blocked: store.blocks.of(caller.user.user_ref) },
    }),
    block({ caller, params }) {
      store.blocks.add(caller.user.user_ref, existing(store, params.user_ref).user_ref);
      return { status: 204 };
    },
    unblock({ caller, params }) {
      store.blocks.remove(caller.user.user_ref, params.user_ref);
      return { status: 204 };
    },
  };
}
