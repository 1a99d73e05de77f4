import type { MatrixRoomId } from '../model/matrix-ids.ts';
import { MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import type { Ghosts } from './ghosts.ts';
import type { Invitations } from './invitations.ts';
import type { RoomDuties } from './room-lane.ts';
import { speak } from './speak.ts';
import type { Speakers } from './speakers.ts';
import { ENCRYPTED } from './tell.ts';

interface Parts {
  readonly ghosts: Ghosts;
  readonly speakers: Speakers;
  readonly invitations: Invitations;
  readonly command: RoomDuties['command'];
  readonly policyChanged: RoomDuties['policyChanged'];
}

/** What the bridge does in a room of its own accord. */
export function createDuties(context: Context, parts: Parts): RoomDuties {
  const { matrix, names, storage, keys, log } = context;
  /** Rooms that are known to be encrypted, and were not told so: the homeserver was away. */
  const unsaid = new Set<MatrixRoomId>();

  function unlessRefused(error: unknown): void {
    if (!(error instanceof MatrixError) || error.kind !== 'refused') throw error;
    log('warn', 'A room could not be told that it is not bridged, as it is encrypted', {
      error: error.message,
    });
  }

  async function gone({ who, roomId, sender }: MatrixEvent<'member'>): Promise<void> {
    if (names.ghostOf(who)) await parts.ghosts.notIn(who, roomId);
    if (who === matrix.bot)
      log('warn', 'The bridge bot was removed from a room', { roomId, by: sender });
  }

  return {
    command: parts.command,
    policyChanged: parts.policyChanged,
    invited: (event) => parts.invitations.answer(event),
    async memberChanged(event) {
      parts.speakers.forget(event.roomId, event.who);
      if (event.is === 'leave' || event.is === 'ban') await gone(event);
    },
    async encrypted({ id, roomId }, portals) {
      // First: nothing may enter in clear, whatever comes of the words.
      if (!portals.every(({ encrypted }) => encrypted)) {
        await storage.portals.markEncrypted(roomId);
        unsaid.add(roomId);
      }
      if (!unsaid.has(roomId)) return;
      await speak(context, {
        roomId,
        marker: keys.marker('encrypted', roomId),
        maybeSaidSinceMs: (await storage.journal.receivedAtMs(id)) ?? 0,
        content: { kind: 'notice', text: ENCRYPTED },
      }).catch(unlessRefused);
      unsaid.delete(roomId);
    },
  };
}
