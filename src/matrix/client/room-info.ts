import type { MatrixUserId } from '../../model/matrix-ids.ts';
import type { BridgeInfo, MatrixPort } from '../../ports/matrix.ts';
import { type Json, list } from '../../util/fields.ts';
import type { Context } from './context.ts';
import { roomState } from './state.ts';

type RoomInfo = Pick<MatrixPort, 'setBridgeInfo' | 'addFunctionalMembers'>;

/** `m.bridge` of MSC2346 and what it was called before: clients know the one or the other. */
const BRIDGE_TYPES = ['m.bridge', 'uk.half-shot.bridge'];

/** What a room says about its bridge, written by the bot. */
export function roomInfo(context: Context): RoomInfo {
  const { bot } = context;
  const state = roomState(context);
  return {
    async setBridgeInfo(roomId, key, info) {
      const content = info === undefined ? {} : bridgeContent(info, bot);
      for (const type of BRIDGE_TYPES) await state.write({ roomId, type, key }, content, bot);
    },
    async addFunctionalMembers(roomId, users) {
      const what = { roomId, type: 'io.element.functional_members' };
      const present = (await state.read(what, bot)) ?? {};
      const members = new Set([...list(present, 'service_members'), ...users]);
      await state.write(what, { ...present, service_members: [...members] }, bot);
    },
  };
}

function bridgeContent(info: BridgeInfo, bot: MatrixUserId): Json {
  const named = ({ id, displayName }: BridgeInfo['chat']) => ({ id, displayname: displayName });
  const { icon } = info.network;
  return {
    bridgebot: bot,
    ...(info.creator === undefined ? {} : { creator: info.creator }),
    protocol: named(info.protocol),
    network: { ...named(info.network), ...(icon !== undefined && { avatar_url: icon }) },
    channel: named(info.chat),
    ...(info.isDirect ? { 'com.beeper.room_type': 'dm', 'com.beeper.room_type.v2': 'dm' } : {}),
  };
}
