import type { MatrixAction } from '../../adapter/matrix-action.ts';
import type { MatrixEvent } from '../../ports/matrix.ts';
import { remoteOf } from '../remote-of.ts';
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
  { context, portal }: DeedWork,
): Promise<readonly Given[]> {
  const remote = await remoteOf({ context, portal }, who);
  return remote ? [{ ...remote, was, is }] : [];
}
