import type { MatrixRoomId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import type { Context } from './context.ts';
import type { Ghosts } from './ghosts.ts';
import { patiently } from './patiently.ts';
import type { Portals } from './portals.ts';
import { speak } from './speak.ts';
import { ENCRYPTED } from './tell.ts';

interface Parts {
  readonly portals: Portals;
  readonly ghosts: Ghosts;
  /** Brings the room to what its chat is. */
  readonly refresh: (portalId: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** What comes after a move to a new room, and no message waits for: it says that it is bridged, and ghosts follow. */
export async function settleIn(
  context: Context,
  { portals, ghosts, refresh, signal }: Parts,
  moved: {
    readonly from: MatrixRoomId;
    readonly to: MatrixRoomId;
    readonly all: readonly Portal[];
  },
): Promise<void> {
  const { storage, clock } = context;
  const { from, to, all } = moved;
  for (const before of all) {
    await portals.disown(before);
    const now = await storage.portals.byId(before.id);
    if (now) await portals.announce(now);
    if (now?.encrypted) await sayEncrypted(context, to);
  }
  for (const { userId } of await storage.ghosts.joinedTo(from))
    await patiently(clock, signal, () => ghosts.leave(userId, from));
  for (const { id } of all) await refresh(id);
}

const sayEncrypted = (context: Context, roomId: MatrixRoomId) =>
  speak(context, {
    roomId,
    marker: context.keys.marker('encrypted', roomId),
    content: { kind: 'notice', text: ENCRYPTED },
  });
