import { Fault, notFound } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import { exact, type Route } from '../http/router.ts';
import type { StoredEvent } from '../room/event.ts';

/** What a test may look at: no client sees this. */
export function inspectionRoutes(homeserver: Homeserver): readonly Route[] {
  return [
    exact('GET', '/_dev/timeline', (call) => {
      const roomId = call.query.get('room');
      if (roomId === null) throw new Fault(400, 'M_MISSING_PARAM', "Missing 'room' in the query");
      return { events: timelineOf(homeserver, roomId) };
    }),
    exact('GET', '/_dev/rooms', () => ({ rooms: [...homeserver.world.rooms.keys()] })),
    exact('GET', '/_dev/backlog', () => ({
      backlog: Object.fromEntries([...homeserver.couriers].map(([id, of]) => [id, of.backlog])),
    })),
  ];
}

/** @throws {Fault} for a room that there is not. */
export function timelineOf({ world }: Homeserver, roomId: string): readonly StoredEvent[] {
  const room = world.rooms.get(roomId);
  if (room === undefined) throw notFound(`There is no room ${roomId}`);
  return room.timeline.map(({ event }) => event);
}
