import { Fault, notFound } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import { exact, type Route } from '../http/router.ts';
import { Mishap } from '../mishaps/mishap.ts';
import type { StoredEvent } from '../room/event.ts';
import type { World } from '../world/world.ts';

/** What a test may look at and do, over HTTP: no client sees this. Empty where it is not open. */
export function controlRoutes(homeserver: Homeserver): readonly Route[] {
  const { world, mishaps, appservices } = homeserver;
  if (!homeserver.hasControl) return [];
  return [
    exact('GET', '/_dev/timeline', (call) => {
      const roomId = call.query.get('room');
      if (roomId === null) throw new Fault(400, 'M_MISSING_PARAM', "Missing 'room' in the query");
      return { events: timelineOf(world, roomId) };
    }),
    exact('GET', '/_dev/rooms', () => ({ rooms: [...world.rooms.keys()] })),
    exact('GET', '/_dev/backlog', () => ({
      backlog: Object.fromEntries(appservices.map(({ id }) => [id, world.queues.backlog(id)])),
    })),
    exact('GET', '/_dev/mishaps', () => ({ mishaps: mishaps.all() })),
    exact('POST', '/_dev/misbehave', async (call) => {
      mishaps.add(await call.json(Mishap));
      return {};
    }),
    exact('POST', '/_dev/behave', () => {
      mishaps.clear();
      return {};
    }),
  ];
}

/** @throws {Fault} for a room that there is not. */
export function timelineOf(world: World, roomId: string): readonly StoredEvent[] {
  const room = world.rooms.get(roomId);
  if (room === undefined) throw notFound(`There is no room ${roomId}`);
  return room.timeline.map(({ event }) => event);
}
