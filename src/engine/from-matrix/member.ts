import type { MatrixAction } from '../../adapter/matrix-action.ts';
import type { MatrixEvent } from '../../ports/matrix.ts';
import { type MatrixHandler, nothing } from './deed.ts';

/** Somebody came or went here, or did something to somebody of the network. */
export const member: MatrixHandler<'member'> = (event, work) => {
  const { context, portal, speaker } = work;
  const ghost = context.names.ghostOf(event.who);
  if (!ghost) return presence(event);
  if (ghost.network !== portal.network || event.sender === event.who) return nothing;
  // Nobody comes to or leaves a private chat, and an invitation is what has begun it.
  if (portal.receiver !== undefined) return nothing;
  const is = doneToGhost(event);
  if (is === undefined) return nothing;
  return {
    kind: 'act',
    action: {
      kind: 'member',
      chat: portal.chat,
      speaker,
      who: ghost.user,
      is,
      ...(event.reason !== undefined && { reason: event.reason }),
    },
    linkAs: () => [],
  };
};

function presence({ is, was }: MatrixEvent<'member'>) {
  if (is === 'join' && was !== 'join') return { kind: 'presence', is: 'in' } as const;
  if ((is === 'leave' || is === 'ban') && was === 'join')
    return { kind: 'presence', is: 'out' } as const;
  return nothing;
}

/** An invitation taken back is nothing that a network must be told. */
function doneToGhost({ is, was }: MatrixEvent<'member'>): MatrixAction<'member'>['is'] | undefined {
  if (is === 'ban') return 'banned';
  if (is === 'invite' && was !== 'join') return 'invited';
  if (is !== 'leave') return undefined;
  return was === 'ban' ? 'unbanned' : was === 'join' ? 'out' : undefined;
}
