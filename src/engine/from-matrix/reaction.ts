import type { MatrixEventId } from '../../model/matrix-ids.ts';
import { asReactionText } from '../degrade.ts';
import { reactionLinkId } from '../reaction-ids.ts';
import { knownIds } from '../unnamed.ts';
import { type Deed, type DeedWork, type MatrixHandler, nothing } from './deed.ts';
import { targetLinks } from './target.ts';

/** Somebody reacted. */
export const reaction: MatrixHandler<'reaction'> = async (event, work) => {
  const { portal, speaker } = work;
  const links = await targetLinks(work, event.target);
  if (links.length === 0) return toNothingThere(event.target, work);
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

/** Nobody over there can see a reaction to what is not known there. What the bot says is for nobody there. */
async function toNothingThere(target: MatrixEventId, { context }: DeedWork): Promise<Deed> {
  const { storage, matrix } = context;
  if ((await storage.journal.senderOf(target)) === matrix.bot) return nothing;
  return { kind: 'refuse', code: 'target_absent', reason: `${target} has no link` };
}
