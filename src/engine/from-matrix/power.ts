import type { MatrixAction } from '../../adapter/matrix-action.ts';
import type { MatrixEvent } from '../../ports/matrix.ts';
import { type DeedWork, type MatrixHandler, nothing } from './deed.ts';

type Change = MatrixEvent<'power'>['changes'][number];
type Given = MatrixAction<'power'>['changes'][number];

/** Somebody gave power in the room, or took it: to people of the network, or to people with a voice there. */
export const power: MatrixHandler<'power'> = async ({ changes }, work) => {
  const { portal, speaker } = work;
  if (portal.receiver !== undefined) return nothing;
  const given = (await Promise.all(changes.map((change) => whose(change, work)))).flat();
  if (given.length === 0) return nothing;
  const action = { kind: 'power', chat: portal.chat, speaker, changes: given } as const;
  return { kind: 'act', action, linkAs: () => [] };
};

async function whose(
  { who, was, is }: Change,
  { context, portal: { network } }: DeedWork,
): Promise<readonly Given[]> {
  const ghost = context.names.ghostOf(who);
  if (ghost) return ghost.network === network ? [{ user: ghost.user, was, is }] : [];
  const own = await context.storage.voices.ofNetwork(network);
  return own.filter(({ userId }) => userId === who).map(({ id }) => ({ voice: id, was, is }));
}
