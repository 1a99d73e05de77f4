import type { MessageIds } from '../../adapter/matrix-action.ts';
import type { MatrixEventId } from '../../model/matrix-ids.ts';
import type { MessageLink } from '../../model/message-link.ts';
import { asRetraction } from '../degrade.ts';
import { linkedReaction } from '../reaction-ids.ts';
import { knownIds } from '../unnamed.ts';
import { type Deed, type DeedWork, type MatrixHandler, nothing } from './deed.ts';
import { targetLinks } from './target.ts';

/** Something is taken back: a message, or a reaction. */
export const redaction: MatrixHandler<'redaction'> = async (event, work) => {
  const links = await targetLinks(work, event.target);
  const [first] = links;
  if (!first) return notLinked(event.target, work);
  return reactionTakenBack(first, work) ?? messageTakenBack(links, work);
};

/** What never got over needs no taking back; but what may be there cannot be. */
async function notLinked(target: MatrixEventId, { context, portal }: DeedWork): Promise<Deed> {
  if ((await context.storage.journal.owed(portal.id, target)) !== 'unknown') return nothing;
  return { kind: 'refuse', code: 'target_unknown', reason: `nobody knows if ${target} is there` };
}

function reactionTakenBack({ remoteId }: MessageLink, work: DeedWork): Deed | undefined {
  const reaction = linkedReaction(remoteId);
  if (!reaction) return undefined;
  const { target, emoji, id } = reaction;
  const { portal, speaker } = work;
  return {
    kind: 'act',
    action: {
      kind: 'reaction',
      chat: portal.chat,
      speaker,
      target,
      emoji,
      removed: true,
      ...(id !== undefined && { id }),
    },
    linkAs: () => [],
  };
}

function messageTakenBack(links: readonly MessageLink[], { portal, speaker }: DeedWork): Deed {
  const { chat } = portal;
  const [first, ...rest] = knownIds(links);
  if (first === undefined)
    return { kind: 'act', action: { kind: 'message', chat, speaker, body: asRetraction() } };
  const target: MessageIds = [first, ...rest];
  return {
    kind: 'act',
    action: { kind: 'removal', chat, speaker, target },
    otherwise: asRetraction(),
    linkAs: () => [],
  };
}
