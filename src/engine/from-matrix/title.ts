import type { MatrixEvent } from '../../ports/matrix.ts';
import { asTitleText } from '../degrade.ts';
import { isOurs } from '../ours.ts';
import { type DeedWork, type MatrixHandler, nothing } from './deed.ts';

/**
 * The room is called, or about, something else. A room that was somebody's own before it was bridged
 * has a name of its own, and so has a private chat.
 */
export const title: MatrixHandler<'title'> = async (event, work) => {
  const { portal, speaker } = work;
  const { part, text } = event;
  if (portal.receiver !== undefined || (part === 'name' && !portal.ownsRoom)) return nothing;
  if (await isOutdated(event, work)) return nothing;
  return {
    kind: 'act',
    action: { kind: 'title', chat: portal.chat, speaker, [part]: text },
    otherwise: asTitleText(part, text),
    linkAs: () => [],
  };
};

/** A person has said otherwise since. That follows, or was even faster. */
async function isOutdated(
  { id, roomId, part }: MatrixEvent<'title'>,
  { context }: DeedWork,
): Promise<boolean> {
  const { by } = await context.matrix.title(roomId, part);
  return by !== undefined && by.id !== id && !isOurs(context, by.sender);
}
