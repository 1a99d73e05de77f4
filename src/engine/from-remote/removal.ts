import type { MatrixUserId } from '../../model/matrix-ids.ts';
import type { RemoteMessageId } from '../../model/remote-ids.ts';
import { linksOfTarget, markerOf, type RemoteHandler, type RemoteWork } from './work.ts';

/** Somebody took something back: every event that it had become goes. */
export const removal: RemoteHandler<'removal'> = async (event, work) => {
  await redactAll(work, event.target);
  return [];
};

/** Redacts what is linked to a remote message or reaction: as the ghost that said it, else as the bot. */
export async function redactAll(work: RemoteWork, remoteId: RemoteMessageId): Promise<void> {
  const { context, portal } = work;
  const links = await linksOfTarget(work, remoteId);
  for (const [part, { eventId, sender }] of links.entries()) {
    const isGhost = context.names.ghostOf(sender) !== undefined;
    const marker = markerOf(work, part);
    await context.matrix.redact({
      roomId: portal.roomId,
      as: isGhost ? (sender as MatrixUserId) : context.matrix.bot,
      target: eventId,
      txnId: marker,
      mark: { marker, portal: portal.id },
    });
  }
}
