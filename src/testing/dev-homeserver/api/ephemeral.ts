import { z } from 'zod';
import { roomOr403 } from '../actions/append-event.ts';
import { Fault, forbidden, refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';
import type { Room } from '../room/room.ts';
import { presenceRoutes } from './presence.ts';

const Typing = z.object({ typing: z.boolean(), timeout: z.number().int().default(30_000) });
const Receipt = z.object({ thread_id: z.string().optional() }).loose();
const Markers = z.object({
  'm.fully_read': z.string().optional(),
  'm.read': z.string().optional(),
  'm.read.private': z.string().optional(),
});
const RECEIPTS = ['m.read', 'm.read.private', 'm.fully_read'];
const MAX_TYPING_MS = 2 * 60_000;

interface Reading {
  readonly type: string;
  readonly eventId: string;
  readonly threadId?: string | undefined;
}

/** Who types, and who has read what. */
export function ephemeralRoutes(homeserver: Homeserver): readonly Route[] {
  return [
    ...client('PUT', '/rooms/:room/typing/:userId', async (call) => {
      const { userId } = requester(homeserver, call);
      if (userId !== call.param('userId'))
        throw new Fault(400, 'M_FORBIDDEN', "Cannot set another user's typing state");
      const { typing, timeout } = await call.json(Typing);
      const room = joined(homeserver, call, userId);
      homeserver.typing.set(room.id, userId, typing ? Math.min(timeout, MAX_TYPING_MS) : 0);
      return {};
    }),
    ...client('POST', '/rooms/:room/receipt/:type/:eventId', async (call) => {
      const { thread_id: threadId } = await call.json(Receipt);
      return read(homeserver, call, [
        { type: call.param('type'), eventId: call.param('eventId'), threadId },
      ]);
    }),
    ...client('POST', '/rooms/:room/read_markers', async (call) => {
      const given = Object.entries(await call.json(Markers));
      const readings = given.flatMap(([type, eventId]) => (eventId ? [{ type, eventId }] : []));
      return read(homeserver, call, readings);
    }),
    ...presenceRoutes(homeserver),
  ];
}

function joined(homeserver: Homeserver, call: Call, userId: string): Room {
  const room = roomOr403(homeserver, call.param('room'), userId);
  if (!room.joined.has(userId)) throw forbidden(`User ${userId} not in room ${room.id}`);
  return room;
}

function read(homeserver: Homeserver, call: Call, readings: readonly Reading[]): object {
  const { userId } = requester(homeserver, call);
  const room = joined(homeserver, call, userId);
  for (const { type, eventId, threadId } of readings) {
    if (!RECEIPTS.includes(type))
      throw refused(`Receipt type must be one of ${RECEIPTS.join(', ')}`);
    if (type === 'm.fully_read') {
      const content = { event_id: eventId };
      homeserver.commit({ kind: 'account-data', userId, roomId: room.id, type, content });
    } else if (isNews(homeserver, room, { userId, type, eventId, threadId })) {
      const receipt = { roomId: room.id, userId, type, eventId, sentAtMs: Date.now() };
      homeserver.commit({
        kind: 'receipt',
        ...receipt,
        ...(threadId !== undefined && { threadId }),
      });
    }
  }
  return {};
}

/** Whoever has read further already has not read less. */
function isNews(
  { world }: Homeserver,
  room: Room,
  { userId, type, eventId, threadId }: Reading & { readonly userId: string },
): boolean {
  const position = room.byId.get(eventId)?.position;
  const known = world.receipts.get({ roomId: room.id, userId, type, threadId });
  const before = known === undefined ? undefined : room.byId.get(known.eventId)?.position;
  return position !== undefined && (before === undefined || position > before);
}
