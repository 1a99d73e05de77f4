import { type EphemeralSend, limits } from '#gia/schemas';
import type { Context } from '../server/context.ts';
import type { Handlers } from '../server/handler.ts';
import { refuse } from '../server/refusal.ts';
import type { UserRow } from '../store/users.ts';
import { otherOf, own, refuseUnreachable } from './conversations.ts';

export function ephemeral(context: Context): Handlers<'sendEphemeral'> {
  const { store, budgets } = context;
  return {
    sendEphemeral({ caller: { user }, params: { conv_id }, body }) {
      const peer = otherOf(store, own(store, user, conv_id), user);
      refuseUnreachable(store, peer);
      budgets('ephemeral', user.user_ref);
      refuseForeignMessage(context, conv_id, body);
      if (!store.blocks.has(peer.user_ref, user.user_ref))
        tell(context, { user, peer, conv_id, body });
      return { status: 202 };
    },
  };
}

function refuseForeignMessage({ store }: Context, convId: string, body: EphemeralSend): void {
  if (body.kind === 'typing') return;
  const message = store.messages.get(body.up_to.msg_id);
  if (message?.conv_id !== convId || message.seq !== body.up_to.seq)
    refuse('invalid_request', 'body.up_to: there is no such message in this conversation');
}

interface Said {
  readonly user: UserRow;
  readonly peer: UserRow;
  readonly conv_id: string;
  readonly body: EphemeralSend;
}

function tell({ store, hub, now }: Context, { user, peer, conv_id, body }: Said): void {
  const from = user.user_ref;
  if (body.kind === 'typing') {
    const expires_ms = now() + (body.ttl_ms ?? limits.ephemeralTtlMs);
    hub.tellNow(peer, { type: 'typing', conv_id, data: { from, active: body.active, expires_ms } });
    return;
  }
  const { kind, up_to } = body;
  store.transaction(() =>
    hub.tellUser(peer, {
      type: 'receipt',
      conv_id,
      data: { from, kind, up_to, at_ms: now() },
      instead: `receipt ${conv_id} ${from} ${kind}`,
    }),
  );
}
