import { asReactionText } from '../degrade.ts';
import { reactionLinkId } from '../reaction-ids.ts';
import { knownIds } from '../unnamed.ts';
import { type MatrixHandler, nothing } from './deed.ts';

/** Somebody reacted. To what is not known over there nobody there can see a reaction. */
export const reaction: MatrixHandler<'reaction'> = async (event, work) => {
  const { context, portal, speaker } = work;
  const links = await context.storage.links.ofEvent(portal.id, event.target);
  if (links.length === 0) return nothing;
  const { emoji } = event;
  const [target] = knownIds(links);
  if (target === undefined)
    return {
      kind: 'act',
      action: { kind: 'message', chat: portal.chat, speaker, body: asReactionText(emoji) },
    };
  return {
    kind: 'act',
    action: { kind: 'reaction', chat: portal.chat, speaker, target, emoji, removed: false },
    otherwise: asReactionText(emoji),
    linkAs: ([id]) => [reactionLinkId({ target, emoji, ...(id !== undefined && { id }) })],
  };
};
