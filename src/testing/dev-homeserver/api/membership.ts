import { z } from 'zod';
import { roomIdOfAlias } from '../actions/aliases.ts';
import { roomOr403 } from '../actions/append-event.ts';
import { CreateRoom, createRoom } from '../actions/create-room.ts';
import { type Act, changeMembership, checkLocal } from '../actions/membership.ts';
import { UpgradeRoom, upgradeRoom } from '../actions/upgrade-room.ts';
import { Fault, notFound, refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';

const Reason = z.object({ reason: z.string().optional() });
const Target = Reason.extend({ user_id: z.string() });

/** Rooms are made, and people come and go. */
export function membershipRoutes(homeserver: Homeserver): readonly Route[] {
  return [
    ...client('POST', '/createRoom', async (call) => {
      const who = requester(homeserver, call);
      return { room_id: createRoom(homeserver, who, await call.json(CreateRoom)) };
    }),
    ...client('POST', '/rooms/:room/upgrade', async (call) => {
      const who = requester(homeserver, call);
      const old = roomOr403(homeserver, call.param('room'), who.userId);
      const asked = await call.json(UpgradeRoom);
      return { replacement_room: upgradeRoom(homeserver, { who, old }, asked) };
    }),
    ...client('POST', '/join/:room', (call) => join(homeserver, call, call.param('room'))),
    ...client('POST', '/rooms/:room/join', (call) => join(homeserver, call, call.param('room'))),
    ...client('POST', '/rooms/:room/leave', (call) => leave(homeserver, call)),
    ...client('POST', '/rooms/:room/forget', (call) => forget(homeserver, call)),
    ...(['invite', 'kick', 'ban', 'unban'] as const).flatMap((act) =>
      client('POST', `/rooms/:room/${act}`, (call) => moveAnother(homeserver, call, act)),
    ),
    ...client('GET', '/joined_rooms', (call) => {
      const { userId } = requester(homeserver, call);
      const rooms = [...(homeserver.world.roomsOf.get(userId) ?? [])];
      return {
        joined_rooms: rooms.filter((id) => homeserver.world.rooms.get(id)?.joined.has(userId)),
      };
    }),
  ];
}

async function join(homeserver: Homeserver, call: Call, idOrAlias: string): Promise<object> {
  const { userId } = requester(homeserver, call);
  const { reason } = await call.json(Reason, {});
  const roomId = await resolve(homeserver, idOrAlias);
  const room = homeserver.world.rooms.get(roomId);
  if (room === undefined)
    throw new Fault(
      404,
      'M_UNKNOWN',
      "Can't join remote room because no servers that are in the room have been provided.",
    );
  if (!room.joined.has(userId))
    changeMembership(homeserver, room, { act: 'join', sender: userId, target: userId, reason });
  return { room_id: roomId };
}

async function resolve(homeserver: Homeserver, idOrAlias: string): Promise<string> {
  // From version 12 on a room is named by a hash, and by nothing else.
  if (/^!(.*:.*|[\w-]{43})$/.test(idOrAlias)) return idOrAlias;
  if (!/^#.*:/.test(idOrAlias)) throw refused(`${idOrAlias} was not legal room ID or room alias`);
  const roomId = await roomIdOfAlias(homeserver, idOrAlias);
  if (roomId === undefined) throw notFound(`Room alias ${idOrAlias} not found`);
  return roomId;
}

async function leave(homeserver: Homeserver, call: Call): Promise<object> {
  const { userId } = requester(homeserver, call);
  const { reason } = await call.json(Reason, {});
  const room = homeserver.world.rooms.get(call.param('room'));
  if (room === undefined) throw new Fault(404, 'M_UNKNOWN', 'Not a known room');
  changeMembership(homeserver, room, { act: 'leave', sender: userId, target: userId, reason });
  return {};
}

function forget(homeserver: Homeserver, call: Call): object {
  const { userId } = requester(homeserver, call);
  const roomId = call.param('room');
  const membership = homeserver.world.rooms.get(roomId)?.membership(userId);
  if (membership !== undefined && membership !== 'leave' && membership !== 'ban')
    throw refused(`User ${userId} in room ${roomId}`);
  homeserver.commit({ kind: 'forget', roomId, userId });
  return {};
}

async function moveAnother(homeserver: Homeserver, call: Call, act: Act): Promise<object> {
  const { userId } = requester(homeserver, call);
  const { user_id: target, reason } = await call.json(Target);
  if (!/^@[^:]*:.+$/.test(target))
    throw new Fault(400, 'M_INVALID_PARAM', `User id '${target}' is not like @name:server`);
  if (act === 'invite') checkLocal(homeserver, target);
  const room = roomOr403(homeserver, call.param('room'), userId);
  changeMembership(homeserver, room, { act, sender: userId, target, reason });
  return {};
}
