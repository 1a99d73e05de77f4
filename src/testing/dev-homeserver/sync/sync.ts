import type { Homeserver } from '../homeserver.ts';
import { passesRoom, passesType } from '../room/event-filter.ts';
import type { Room } from '../room/room.ts';
import { printToken } from '../token.ts';
import { invitedRoom } from './invited-room.ts';
import type { SyncRequest } from './request.ts';
import { joinedRoom, leftRoom } from './room-part.ts';

export interface SyncAnswer {
  readonly hasNews: boolean;
  readonly body: object;
}

type Parts = Record<'join' | 'invite' | 'leave', Record<string, object>>;

/** What a user has not been told yet. */
export function sync(homeserver: Homeserver, request: SyncRequest): SyncAnswer {
  const { world, typing } = homeserver;
  const { userId } = request.who;
  const parts: Parts = { join: {}, invite: {}, leave: {} };
  for (const roomId of world.roomsOf.get(userId) ?? []) {
    const room = world.rooms.get(roomId);
    if (room !== undefined && passesRoom(request.filter.room, roomId))
      addRoom(homeserver, request, { room, parts });
  }
  const accountData = world.personal
    .since(userId, undefined, request.fullState ? 0 : (request.since?.position ?? 0))
    .filter(({ type }) => passesType(request.filter.account_data, type));
  const rooms = Object.fromEntries(
    Object.entries(parts).filter(([, of]) => Object.keys(of).length > 0),
  );
  const hasRooms = Object.keys(rooms).length > 0;
  return {
    hasNews: hasRooms || accountData.length > 0,
    body: {
      next_batch: printToken({ position: world.position, typing: typing.serial }),
      ...(accountData.length > 0 && { account_data: { events: accountData } }),
      ...(hasRooms && { rooms }),
      device_one_time_keys_count: { signed_curve25519: 0 },
      device_unused_fallback_key_types: [],
    },
  };
}

function addRoom(
  homeserver: Homeserver,
  request: SyncRequest,
  { room, parts }: { readonly room: Room; readonly parts: Parts },
): void {
  const { userId } = request.who;
  const membership = room.membership(userId);
  if (membership === 'join') put(parts.join, room, joinedRoom(homeserver, request, room));
  else if (membership === 'invite') put(parts.invite, room, invitedRoom(request, room));
  else put(parts.leave, room, leftRoom(request, room));
}

function put(part: Record<string, object>, room: Room, of: object | undefined): void {
  if (of !== undefined) part[room.id] = of;
}
