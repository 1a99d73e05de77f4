import type { BridgeError } from '../adapter/errors.ts';
import type { Portal } from '../model/portal.ts';
import type { Delivery } from '../ports/journal.ts';
import type { MatrixEvent } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import type { NetworkLabel } from './notices.ts';
import { speak } from './speak.ts';
import { reasonOfError } from './tell.ts';

/** How people and clients know the network of a portal, also when the config no longer names it. */
export async function labelOf(context: Context, portalId: number): Promise<NetworkLabel> {
  const portal = await context.storage.portals.byId(portalId);
  const known = context.networks.find(({ id }) => id === portal?.network);
  return { id: portal?.network ?? '', displayName: known?.displayName ?? 'the network' };
}

/** Says in the room that a network does not let the bridge into the chat. */
export async function sayRefused(context: Context, portal: Portal, error: BridgeError) {
  const { displayName } = await labelOf(context, portal.id);
  await speak(context, {
    roomId: portal.roomId,
    marker: context.keys.marker('refused', portal.id, context.clock.now()),
    content: {
      kind: 'notice',
      text: `${displayName} does not let the bridge into ${portal.chat} (${error.code}). Nothing said there comes here.`,
    },
  });
}

/** Tells clients that show it that a message waits. Worth nothing once it no longer does. */
export async function sayRetrying(
  context: Context,
  delivery: Delivery,
  event: MatrixEvent,
  error: BridgeError,
): Promise<void> {
  if (!context.statusEvents) return;
  const { id } = await labelOf(context, delivery.portal);
  await speak(context, {
    roomId: event.roomId,
    marker: context.keys.marker('retrying', delivery.id, event.id),
    content: {
      kind: 'status',
      of: event.id,
      network: id,
      outcome: 'retrying',
      reason: reasonOfError(error),
    },
  });
}
