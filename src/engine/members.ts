import type { Portal } from '../model/portal.ts';
import type { Context } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { Ghosts } from './ghosts.ts';
import type { Networks } from './networks.ts';
import { patiently } from './patiently.ts';
import { viewOf } from './watcher.ts';

const ASK_DEADLINE_MS = 60_000;

/**
 * Brings a portal's room to what its chat is now: who is there, and where the room follows the chat,
 * name and topic. Desired state by difference: what is right already costs no request.
 *
 * Runs beside the portal's lane, so that a large channel delays no message.
 */
export async function refreshRoom(
  context: Context,
  parts: { readonly ghosts: Ghosts; readonly networks: Networks; readonly signal: AbortSignal },
  portal: Portal,
): Promise<void> {
  const { matrix, storage, clock } = context;
  if (portal.encrypted) return;
  const network = parts.networks.get(portal.network);
  const limits = { deadlineMs: ASK_DEADLINE_MS, effect: 'none' } as const;
  const info = await withDeadline(clock, limits, async (signal) =>
    network.chat?.(viewOf(portal), signal),
  );
  if (!info) return;
  if (portal.ownsRoom) await matrix.setRoomInfo(portal.roomId, info);
  if (!info.members) return;
  const allowed = (move: () => Promise<unknown>) => patiently(clock, parts.signal, move);
  for (const user of info.members)
    await allowed(() => parts.ghosts.inRoom(portal.network, user, portal.roomId));
  if (await isAloneOfItsNetwork(context, portal)) {
    const there = new Set(info.members);
    for (const ghost of await storage.ghosts.joinedTo(portal.roomId))
      if (ghost.network === portal.network && !there.has(ghost.remoteId))
        await allowed(() => parts.ghosts.leave(ghost.userId, portal.roomId));
  }
}

/** Else a ghost that is not in this chat may be in the room for another one. */
async function isAloneOfItsNetwork({ storage }: Context, portal: Portal): Promise<boolean> {
  const all = await storage.portals.ofRoom(portal.roomId);
  return all.filter(({ network }) => network === portal.network).length === 1;
}
