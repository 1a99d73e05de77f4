import type { MessageIds } from '../../adapter/matrix-action.ts';
import type { MessageLink } from '../../model/message-link.ts';
import { asRetraction } from '../degrade.ts';
import { linkedReaction } from '../reaction-ids.ts';
import { knownIds } from '../unnamed.ts';
import { type Deed, type DeedWork, type MatrixHandler, nothing } from './deed.ts';

/** Something is taken back: a message, or a reaction. What never got over needs no taking back. */
export const redaction: MatrixHandler<'redaction'> = async (event, work) => {
  const links = await work.context.storage.links.ofEvent(work.portal.id, event.target);
  const [first] = links;
  if (!first) return nothing;
  return reactionTakenBack(first, work) ?? messageTakenBack(links, work);
};

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
