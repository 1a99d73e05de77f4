import type { MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';
import type { MediaRef } from '../../model/remote-ids.ts';
import type { MatrixPort, RoomMember } from '../../ports/matrix.ts';
import { isObject, object, text } from '../../util/fields.ts';
import { policyRule } from '../events/read-policy.ts';
import type { Context } from './context.ts';
import { endpoints, nameOf } from './endpoint.ts';
import { unreadable } from './failures.ts';
import { createFacts, maySetState, type PowerFacts, withPowers, withSpeech } from './power.ts';
import { roomState } from './state.ts';
import { roomIdIn, tombstoneOf } from './tombstone.ts';

type RoomFacts = Pick<
  MatrixPort,
  | 'joinedMembers'
  | 'member'
  | 'policyRules'
  | 'isEncrypted'
  | 'maySetState'
  | 'replacement'
  | 'predecessor'
  | 'setPowers'
  | 'letSpeak'
  | 'setByInvitation'
>;

const JOIN_RULES = 'm.room.join_rules';

/** What a room is asked for, and who may do what in it. */
export function roomFacts(context: Context): RoomFacts {
  const { homeserver, bot } = context;
  const state = roomState(context);

  /** Who sent it is asked for with `format=event`; where that is not known, all of the state has it. */
  async function createOf(roomId: MatrixRoomId): Promise<PowerFacts['create']> {
    const ids = [roomId, 'm.room.create', ''];
    const query = { format: 'event' };
    const answer = await homeserver.request(endpoints.state, { ids, as: bot, query });
    const fromAnswer = createFacts(answer);
    if (fromAnswer) return fromAnswer;
    for (const event of await state.whole(roomId, bot)) {
      const found = createFacts(event);
      if (found) return found;
    }
    throw unreadable(nameOf(endpoints.wholeState), 200, 'without "m.room.create"');
  }

  async function powerFacts(roomId: MatrixRoomId): Promise<PowerFacts> {
    const [create, levels] = await Promise.all([
      createOf(roomId),
      state.read({ roomId, type: 'm.room.power_levels' }, bot),
    ]);
    return { create, levels };
  }

  return {
    async joinedMembers(roomId, as) {
      const answer = await homeserver.request(endpoints.joinedMembers, { ids: [roomId], as });
      const joined = Object.entries(object(answer, 'joined')).filter(([, who]) => isObject(who));
      return joined.map(([userId, who]) => shown(userId, who, 'display_name'));
    },
    async member(roomId, who, as) {
      const content = await state.read({ roomId, type: 'm.room.member', key: who }, as);
      return text(content, 'membership') === 'join'
        ? shown(who, content, 'displayname')
        : undefined;
    },
    async policyRules(roomId, as) {
      const events = await state.whole(roomId, as);
      return events.map(policyRule).filter((rule) => rule !== undefined);
    },
    async isEncrypted(roomId, as) {
      // Even where its content was emptied: encryption cannot be switched off.
      return (await state.read({ roomId, type: 'm.room.encryption' }, as)) !== undefined;
    },
    async maySetState(roomId, who) {
      if ((await state.membershipOf(roomId, who, [bot])) !== 'join') return false;
      return maySetState(who, await powerFacts(roomId));
    },
    async replacement(roomId) {
      const told = await tombstoneOf(context, roomId);
      return told && maySetState(told.by, await powerFacts(roomId)) ? told.room : undefined;
    },
    async predecessor(roomId) {
      const { content } = await createOf(roomId);
      return roomIdIn(object(content, 'predecessor'), 'room_id');
    },
    async setPowers(roomId, powers, of, speech) {
      const changed = withPowers(await powerFacts(roomId), bot, { powers, of, speech });
      if (changed) await state.write({ roomId, type: 'm.room.power_levels' }, changed, bot);
    },
    async letSpeak(roomId, who) {
      const changed = withSpeech(await powerFacts(roomId), bot, who);
      if (changed) await state.write({ roomId, type: 'm.room.power_levels' }, changed, bot);
      return changed !== undefined;
    },
    async setByInvitation(roomId, isByInvitation) {
      const [from, to] = isByInvitation ? ['public', 'invite'] : ['invite', 'public'];
      const ids = [roomId, JOIN_RULES, ''];
      const query = { format: 'event' };
      const now = await homeserver.request(endpoints.state, { ids, as: bot, query });
      const isAsLeft = text(now, 'sender') === bot;
      if (!isAsLeft || text(object(now, 'content'), 'join_rule') !== from) return;
      await state.write({ roomId, type: JOIN_RULES }, { join_rule: to }, bot);
    },
  };
}

/** `nameKey`: this endpoint calls it otherwise than every event does. */
function shown(userId: string, member: unknown, nameKey: string): RoomMember {
  const displayName = text(member, nameKey);
  const avatar = text(member, 'avatar_url');
  return {
    userId: userId as MatrixUserId,
    ...(displayName === undefined ? {} : { displayName }),
    ...(avatar === undefined ? {} : { avatar: avatar as MediaRef }),
  };
}
