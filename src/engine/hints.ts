import type { RemoteHint } from '../adapter/remote-event.ts';
import type { Context } from './context.ts';
import { viewOf } from './watcher.ts';

/** Shows in the rooms of a chat that somebody is typing there. Never kept, never tried again. */
export async function showHint(context: Context, network: string, hint: RemoteHint): Promise<void> {
  const { storage, matrix, names } = context;
  const { chat, receiver, sender } = hint;
  if (hint.kind !== 'typing' || chat === undefined) return;
  const ghost = names.ghost(network, sender);
  const view = viewOf({ chat, ...(receiver !== undefined && { receiver }) });
  for (const { roomId, encrypted } of await storage.portals.ofChat(network, view))
    if (!encrypted && (await storage.ghosts.isJoined(ghost, roomId)))
      await matrix.typing(roomId, ghost, hint.forMs);
}
