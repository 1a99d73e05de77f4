import { z } from 'zod';
import { Fault, forbidden, notFound } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { type Requester, requester } from '../requester.ts';

const Any = z.record(z.string(), z.unknown());
/** Set by the homeserver alone. */
const RESERVED = ['m.fully_read', 'm.push_rules'];

/** What users keep for themselves. */
export function personalDataRoutes(homeserver: Homeserver): readonly Route[] {
  const own = '/user/:userId/account_data/:type';
  const ofRoom = '/user/:userId/rooms/:room/account_data/:type';
  return [
    ...client('GET', own, (call) => get(homeserver, call, undefined)),
    ...client('PUT', own, (call) => put(homeserver, call, undefined)),
    ...client('GET', ofRoom, (call) => get(homeserver, call, call.param('room'))),
    ...client('PUT', ofRoom, (call) => put(homeserver, call, call.param('room'))),
    ...client('GET', '/user/:userId/rooms/:room/tags', (call) => {
      const userId = checkOwn(requester(homeserver, call), call.param('userId'));
      return homeserver.world.personal.get(userId, call.param('room'), 'm.tag') ?? { tags: {} };
    }),
    ...client('PUT', '/user/:userId/rooms/:room/tags/:tag', async (call) => {
      const tag = await call.json(Any, {});
      return setTags(homeserver, call, (tags) => ({ ...tags, [call.param('tag')]: tag }));
    }),
    ...client('DELETE', '/user/:userId/rooms/:room/tags/:tag', (call) =>
      setTags(homeserver, call, ({ [call.param('tag')]: _, ...rest }) => rest),
    ),
  ];
}

/** @throws {Fault} where somebody asks for what is another's. */
export function checkOwn({ userId }: Requester, named: string): string {
  if (userId !== named) throw forbidden("Cannot get or set another user's data.");
  return userId;
}

function get(homeserver: Homeserver, call: Call, roomId: string | undefined): object {
  const userId = checkOwn(requester(homeserver, call), call.param('userId'));
  const content = homeserver.world.personal.get(userId, roomId, call.param('type'));
  if (content === undefined) throw notFound('Account data not found');
  return content;
}

async function put(homeserver: Homeserver, call: Call, roomId: string | undefined) {
  const userId = checkOwn(requester(homeserver, call), call.param('userId'));
  const type = call.param('type');
  if (RESERVED.includes(type))
    throw new Fault(405, 'M_BAD_JSON', `Cannot set ${type} through this API.`);
  const content = await call.json(Any);
  homeserver.commit({ kind: 'account-data', userId, type, content, ...(roomId && { roomId }) });
  return {};
}

type Tags = Readonly<Record<string, unknown>>;

function setTags(homeserver: Homeserver, call: Call, change: (tags: Tags) => Tags): object {
  const userId = checkOwn(requester(homeserver, call), call.param('userId'));
  const roomId = call.param('room');
  const old = homeserver.world.personal.get(userId, roomId, 'm.tag')?.['tags'] ?? {};
  const content = { tags: change(old as Tags) };
  homeserver.commit({ kind: 'account-data', userId, roomId, type: 'm.tag', content });
  return {};
}
