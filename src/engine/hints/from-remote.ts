import type { RemoteHint } from '../../adapter/remote-event.ts';
import type { MatrixUserId } from '../../model/matrix-ids.ts';
import type { Portal } from '../../model/portal.ts';
import type { Context } from '../context.ts';
import { viewOf } from '../watcher.ts';
import type { Newest } from './newest.ts';

/** Shows in the rooms of a chat what somebody there does in passing. Never kept, never tried again. */
export function createRemoteHints(context: Context, newest: Newest) {
  return (network: string, hint: RemoteHint): void => {
    const { chat, receiver, sender, kind } = hint;
    if (hint.kind === 'presence')
      newest.put(JSON.stringify([network, sender, kind]), () =>
        showPresence(context, network, hint),
      );
    if (chat === undefined) return;
    const key = JSON.stringify([network, chat, receiver, sender, kind]);
    newest.put(key, () => show(context, network, { ...hint, chat }));
  };
}

/** Somebody without a ghost is shown nowhere. */
async function showPresence(
  { names, storage, matrix }: Context,
  network: string,
  { sender, away }: RemoteHint & { kind: 'presence' },
): Promise<void> {
  const ghost = names.ghost(network, sender);
  if (await storage.ghosts.byUserId(ghost)) await matrix.setPresence(ghost, away);
}

type InChat = RemoteHint & Pick<Portal, 'chat'>;

async function show(context: Context, network: string, hint: InChat): Promise<void> {
  const { storage, names } = context;
  const { chat, receiver, sender } = hint;
  const ghost = names.ghost(network, sender);
  const view = viewOf({ chat, ...(receiver !== undefined && { receiver }) });
  for (const portal of await storage.portals.ofChat(network, view))
    if (!portal.encrypted && (await storage.ghosts.isJoined(ghost, portal.roomId)))
      await showIn(context, portal, ghost, hint);
}

async function showIn(
  { storage, matrix }: Context,
  { id, roomId }: Portal,
  ghost: MatrixUserId,
  hint: InChat,
): Promise<void> {
  if (hint.kind === 'typing') await matrix.typing(roomId, ghost, hint.forMs);
  // Of what was received and not read Matrix has no word: to say `read` would be untrue.
  if (hint.kind !== 'read') return;
  const last = (await storage.links.ofRemote(id, hint.upTo)).at(-1);
  if (last) await matrix.markRead(roomId, ghost, last.eventId);
}
