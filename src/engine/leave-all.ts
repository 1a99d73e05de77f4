import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { Context } from './context.ts';
import { portalsOf } from './portals-of.ts';
import { unseen } from './speakers.ts';
import { unlessRefused } from './unless-refused.ts';
import { voiceId } from './voice-choice.ts';
import type { Voices } from './voices.ts';

/** Takes the voices of somebody out of all chats of a network that are bridged to rooms of theirs, and lets go of them. */
export async function leaveAll(
  { storage, matrix }: Context,
  voices: Voices,
  network: string,
  user: MatrixUserId,
): Promise<void> {
  for (const kind of ['login', 'enlisted'] as const) {
    const row = await storage.voices.byId(voiceId(network, kind, user));
    if (!row || (!row.isOut && !voices.isOpen(row.id))) continue;
    for await (const { chat, roomId, receiver } of portalsOf(storage, network)) {
      const isThere =
        receiver === undefined && (await unlessRefused(matrix.member(roomId, user, matrix.bot)));
      if (isThere) await voices.outOfChat(row, unseen(user), chat);
    }
    await voices.rest(row.id);
  }
}
