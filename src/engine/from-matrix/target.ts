import { BridgeError } from '../../adapter/errors.ts';
import type { MatrixEventId } from '../../model/matrix-ids.ts';
import type { MessageLink } from '../../model/message-link.ts';
import type { DeedWork } from './deed.ts';

/**
 * What the event that another is about has become over there. Nothing: it is not known there.
 *
 * @throws {BridgeError} To try again later, while what a ghost has said is not linked yet.
 */
export async function targetLinks(
  work: DeedWork,
  target: MatrixEventId,
): Promise<readonly MessageLink[]> {
  const links = await work.context.storage.links.ofEvent(work.portal.id, target);
  if (links.length === 0 && (await isBeingLinked(work, target)))
    throw new BridgeError('unreachable', 'What it is about is not linked yet', { effect: 'none' });
  return links;
}

/** A ghost said it, for something of the network that is still under way: the answer may have been lost. */
async function isBeingLinked(
  { context, portal }: DeedWork,
  target: MatrixEventId,
): Promise<boolean> {
  const { journal } = context.storage;
  const sender = await journal.senderOf(target);
  if (sender === undefined || context.names.ghostOf(sender)?.network !== portal.network)
    return false;
  const [oldest] = await journal.remoteHead(portal.id, 1);
  const saidAtMs = await journal.receivedAtMs(target);
  return oldest !== undefined && saidAtMs !== undefined && oldest.receivedAtMs <= saidAtMs;
}
