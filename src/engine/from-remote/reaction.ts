import { reactionLinkId } from '../reaction-ids.ts';
import { redactAll } from './removal.ts';
import { linksOfTarget, linkWrite, type RemoteHandler, sayAs } from './work.ts';

/** Somebody reacted, or took a reaction back. To what was never bridged there is nothing to do. */
export const reaction: RemoteHandler<'reaction'> = async (event, work) => {
  const { sender, target, emoji } = event;
  const linkId = event.id ?? reactionLinkId({ target, emoji, sender });
  if (event.removed) {
    await redactAll(work, linkId);
    return [];
  }
  const [to] = await linksOfTarget(work, target);
  if (!to) return [];
  const said = await sayAs(work, sender, () => ({ kind: 'reaction', target: to.eventId, emoji }));
  return [linkWrite(work, linkId, said)];
};
