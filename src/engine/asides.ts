import type { BridgeError } from '../adapter/errors.ts';
import type { Portal } from '../model/portal.ts';
import type { Context } from './context.ts';
import type { NetworkLabel } from './notices.ts';
import type { Retrying } from './portal-lane.ts';
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
  const why = error.words === undefined ? ` (${error.code})` : `: ${error.words}`;
  await speak(context, {
    roomId: portal.roomId,
    marker: context.keys.marker('refused', portal.id, context.clock.now()),
    content: {
      kind: 'notice',
      text: `${displayName} does not let the bridge into ${portal.chat}${why}. Nothing said there comes here.`,
    },
  });
}

/** Tells people what a message waits for, where it is theirs to end that, and clients that show it. */
export async function sayRetrying(context: Context, waiting: Retrying): Promise<void> {
  if (waiting.isFirst && waiting.error.code === 'logged_out') await sayLoggedOut(context, waiting);
  if (context.statusEvents) await showRetrying(context, waiting);
}

async function sayLoggedOut(context: Context, { delivery, event }: Retrying): Promise<void> {
  const { id, displayName } = await labelOf(context, delivery.portal);
  const command = context.networks.find((network) => network.id === id)?.command ?? '';
  await speak(context, {
    roomId: event.roomId,
    marker: context.keys.marker('logged-out', delivery.id, event.id),
    content: {
      kind: 'notice',
      text: `You are logged out of ${displayName}: what you say here waits until you say “${command} login” in a private chat with me.`,
      replyTo: event.id,
    },
  });
}

/** Worth nothing once it no longer waits. */
async function showRetrying(context: Context, { delivery, event, error }: Retrying): Promise<void> {
  const { id } = await labelOf(context, delivery.portal);
  await speak(context, {
    roomId: event.roomId,
    marker: context.keys.marker('retrying', delivery.id, event.id),
    content: {
      kind: 'status',
      of: event.id,
      network: id,
      outcome: 'retrying',
      reason: reasonOfError(error, event),
    },
  });
}
