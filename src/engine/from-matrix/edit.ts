import type { MessageIds } from '../../adapter/matrix-action.ts';
import { asCorrection } from '../degrade.ts';
import { namingRemote } from '../mentions.ts';
import { knownIds } from '../unnamed.ts';
import { type MatrixHandler, nothing, ownLinks } from './deed.ts';

/**
 * A change to what its sender said before.
 *
 * What did not get over, or has no id there, is corrected in words. What never was for this network,
 * such as a message that was taken back before it was heard of, is not told of by its edit either.
 * Somebody else's message cannot be edited: such an event is invalid, and clients show nothing of it.
 */
export const edit: MatrixHandler<'edit'> = async (event, work) => {
  const { context, portal, speaker } = work;
  const links = await context.storage.links.ofEvent(portal.id, event.target);
  const own = await ownLinks(work, event);
  if (links.length > 0 && own.length === 0) return nothing;
  const { journal } = context.storage;
  if (links.length === 0 && !(await journal.owed(portal.id, event.target))) return nothing;
  const body = await namingRemote(work, event.body, event.mentions);
  const correction = asCorrection(body);
  const [first, ...rest] = knownIds(own);
  if (first === undefined)
    return {
      kind: 'act',
      action: { kind: 'message', chat: portal.chat, speaker, body: correction },
    };
  const target: MessageIds = [first, ...rest];
  return {
    kind: 'act',
    action: { kind: 'edit', chat: portal.chat, speaker, target, body },
    otherwise: correction,
    linkAs: () => [],
  };
};
