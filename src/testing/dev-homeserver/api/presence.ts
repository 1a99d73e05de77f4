import { z } from 'zod';
import { caresForRoom } from '../appservice/interest.ts';
import { refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import { client, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';
import { checkOwn } from './personal-data.ts';

const Presence = z.object({
  presence: z.string(),
  status_msg: z.string().nullish(),
});

const STATES = ['online', 'offline', 'unavailable', 'busy', 'org.matrix.msc3026.busy'];

/** Presence is told to appservices, kept while this process runs, and not told to other clients. */
export function presenceRoutes(homeserver: Homeserver): readonly Route[] {
  const known = new Map<string, object>();
  return [
    ...client('PUT', '/presence/:userId/status', async (call) => {
      const userId = checkOwn(requester(homeserver, call), call.param('userId'));
      const { presence, status_msg: status } = await call.json(Presence);
      if (!STATES.includes(presence)) throw refused('Invalid presence state');
      const content = { presence, ...(status && { status_msg: status }), last_active_ago: 0 };
      known.set(userId, content);
      tell(homeserver, userId, content);
      return {};
    }),
    ...client('GET', '/presence/:userId/status', (call) => {
      requester(homeserver, call);
      return known.get(call.param('userId')) ?? { presence: 'offline' };
    }),
  ];
}

function tell({ world, couriers }: Homeserver, userId: string, content: object): void {
  const rooms = [...(world.roomsOf.get(userId) ?? [])].flatMap((id) => world.rooms.get(id) ?? []);
  const shared = rooms.filter((room) => room.joined.has(userId));
  for (const courier of couriers.values()) {
    const { appservice } = courier;
    if (appservice.ownsUser(userId) || shared.some((room) => caresForRoom(appservice, room, world)))
      courier.presenceCame({ type: 'm.presence', sender: userId, content });
  }
}
