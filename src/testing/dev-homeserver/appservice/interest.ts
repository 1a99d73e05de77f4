import type { StoredEvent } from '../room/event.ts';
import type { Room } from '../room/room.ts';
import type { World } from '../world/world.ts';
import type { Appservice } from './registration.ts';

/** Whether an appservice is told of what happens in a room. */
export function caresForRoom(appservice: Appservice, room: Room, world: World): boolean {
  if (appservice.ownsRoom(room.id)) return true;
  for (const userId of room.joined) if (appservice.ownsUser(userId)) return true;
  for (const { alias, roomId } of world.aliases.values())
    if (roomId === room.id && appservice.ownsAlias(alias)) return true;
  return false;
}

/** Whether an appservice is told of an event, by the room as it is before it. */
export function caresForEvent(appservice: Appservice, event: StoredEvent, world: World): boolean {
  if (appservice.ownsUser(event.sender)) return true;
  if (event.type === 'm.room.member' && appservice.ownsUser(event.state_key ?? '')) return true;
  const room = world.rooms.get(event.room_id);
  return room !== undefined && caresForRoom(appservice, room, world);
}
