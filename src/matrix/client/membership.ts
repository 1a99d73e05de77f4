import type { MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';
import type { MatrixPort } from '../../ports/matrix.ts';
import { MatrixError } from '../../ports/matrix.ts';
import { answered } from './answers.ts';
import { checkId, contentJson } from './content.ts';
import type { Context } from './context.ts';
import { endpoints } from './endpoint.ts';
import { roomState } from './state.ts';

type Membership = Pick<
  MatrixPort,
  'join' | 'joinNamed' | 'invite' | 'leave' | 'kick' | 'ban' | 'unban'
>;

const GONE: readonly (string | undefined)[] = [undefined, 'leave', 'ban'];
const NOT_BANNED = [undefined, 'leave', 'join', 'invite', 'knock'];

/**
 * Coming and going.
 *
 * A homeserver refuses what is so already (inviting a member, removing somebody who left), with the
 * same errcode as what is forbidden. So after a refusal the member is looked at.
 */
export function membership(context: Context): Membership {
  const { homeserver, bot } = context;
  const state = roomState(context);

  const because = (reason: string | undefined) => (reason === undefined ? {} : { reason });

  async function unless(
    change: Promise<unknown>,
    { roomId, who, is }: { roomId: MatrixRoomId; who: MatrixUserId; is: typeof GONE },
    as: MatrixUserId,
  ): Promise<void> {
    try {
      await change;
    } catch (error) {
      if (!(error instanceof MatrixError) || error.kind !== 'refused') throw error;
      const now = await state.membershipOf(roomId, who, [as, bot]).catch(() => {
        throw error;
      });
      if (!is.includes(now)) throw error;
    }
  }

  return {
    async join(roomId, as) {
      await homeserver.request(endpoints.join, { ids: [roomId], as });
    },
    async joinNamed(room, as) {
      checkId(endpoints.joinNamed, room);
      const answer = await homeserver.request(endpoints.joinNamed, { ids: [room], as });
      return answered(endpoints.joinNamed, answer, 'room_id') as MatrixRoomId;
    },
    invite(roomId, who, as) {
      const json = contentJson(endpoints.invite, { user_id: who });
      const change = homeserver.request(endpoints.invite, { ids: [roomId], as, json });
      return unless(change, { roomId, who, is: ['join', 'invite'] }, as);
    },
    leave(roomId, as, reason) {
      const json = contentJson(endpoints.leave, because(reason));
      const change = homeserver.request(endpoints.leave, { ids: [roomId], as, json });
      return unless(change, { roomId, who: as, is: GONE }, as);
    },
    kick(roomId, who, as, reason) {
      const json = contentJson(endpoints.kick, { user_id: who, ...because(reason) });
      const change = homeserver.request(endpoints.kick, { ids: [roomId], as, json });
      return unless(change, { roomId, who, is: GONE }, as);
    },
    ban(roomId, who, as, reason) {
      const json = contentJson(endpoints.ban, { user_id: who, ...because(reason) });
      const change = homeserver.request(endpoints.ban, { ids: [roomId], as, json });
      return unless(change, { roomId, who, is: ['ban'] }, as);
    },
    unban(roomId, who, as) {
      const json = contentJson(endpoints.unban, { user_id: who });
      const change = homeserver.request(endpoints.unban, { ids: [roomId], as, json });
      return unless(change, { roomId, who, is: NOT_BANNED }, as);
    },
  };
}
