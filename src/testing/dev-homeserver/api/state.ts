import { appendEvent, roomOr403 } from '../actions/append-event.ts';
import { type Act, changeMembership } from '../actions/membership.ts';
import { Fault, forbidden, notFound } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';
import { stateEvent } from '../room/client-event.ts';
import type { Content, Membership } from '../room/event.ts';
import { type Sight, sightOf } from '../room/sight.ts';
import { massagedTime } from './send.ts';

/** The state of rooms. */
export function stateRoutes(homeserver: Homeserver): readonly Route[] {
  const one = (call: Call, stateKey: string) => getOne(homeserver, call, stateKey);
  const put = (call: Call, stateKey: string) => putOne(homeserver, call, stateKey);
  return [
    ...client('GET', '/rooms/:room/state', (call) => {
      const { room, untilPosition, viewer } = sight(homeserver, call);
      return room.allState(untilPosition).map((entry) => stateEvent(entry, viewer));
    }),
    ...client('GET', '/rooms/:room/state/:type', (call) => one(call, '')),
    ...client('GET', '/rooms/:room/state/:type/:key', (call) => one(call, call.param('key'))),
    ...client('PUT', '/rooms/:room/state/:type', (call) => put(call, '')),
    ...client('PUT', '/rooms/:room/state/:type/:key', (call) => put(call, call.param('key'))),
    ...client('GET', '/rooms/:room/members', (call) => members(homeserver, call)),
    ...client('GET', '/rooms/:room/joined_members', (call) => joinedMembers(homeserver, call)),
  ];
}

/** @throws {Fault} 403 for whoever was never in the room. */
export function sight(homeserver: Homeserver, call: Call): Sight {
  const viewer = requester(homeserver, call);
  return sightOf(roomOr403(homeserver, call.param('room'), viewer.userId), viewer);
}

function getOne(homeserver: Homeserver, call: Call, stateKey: string): object {
  const { room, untilPosition, viewer } = sight(homeserver, call);
  const entry = room.stateAt(untilPosition, call.param('type'), stateKey);
  if (entry === undefined) throw notFound('Event not found.');
  return call.query.get('format') === 'event' ? stateEvent(entry, viewer) : entry.event.content;
}

async function putOne(homeserver: Homeserver, call: Call, stateKey: string): Promise<object> {
  const who = requester(homeserver, call);
  const content = await call.content();
  const room = roomOr403(homeserver, call.param('room'), who.userId);
  const type = call.param('type');
  const sentAtMs = massagedTime(call, who);
  const draft = {
    type,
    sender: who.userId,
    stateKey,
    content,
    ...(sentAtMs !== undefined && { sentAtMs }),
  };
  if (type === 'm.room.member' && !/^@[^:]*:.+$/.test(stateKey))
    throw new Fault(400, 'M_INVALID_PARAM', `'${stateKey}' is not like @name:server`);
  const was = room.membership(stateKey);
  const act =
    type === 'm.room.member' ? actOf(content, { isOwn: who.userId === stateKey, was }) : undefined;
  if (act === undefined) return { event_id: appendEvent(homeserver, room, draft) };
  const step = { act, sender: who.userId, target: stateKey, content, sentAtMs };
  return { event_id: changeMembership(homeserver, room, step) };
}

/** `undefined` for a membership that nobody understands, which is then refused as any event. */
function actOf(
  { membership }: Content,
  { isOwn, was }: { readonly isOwn: boolean; readonly was: Membership | undefined },
): Act | undefined {
  if (membership === 'leave' && was === 'ban') return isOwn ? 'leave' : 'unban';
  if (membership === 'leave') return isOwn ? 'leave' : 'kick';
  if (membership === 'join' || membership === 'invite' || membership === 'ban') return membership;
  return undefined;
}

function members(homeserver: Homeserver, call: Call): object {
  const { room, untilPosition, viewer } = sight(homeserver, call);
  const wanted = call.query.get('membership');
  const unwanted = call.query.get('not_membership');
  const chunk = room
    .allState(untilPosition)
    .filter(({ event }) => event.type === 'm.room.member')
    .filter(({ event: { content } }) => wanted === null || content['membership'] === wanted)
    .filter(({ event: { content } }) => unwanted === null || content['membership'] !== unwanted);
  return { chunk: chunk.map((entry) => stateEvent(entry, viewer)) };
}

/** An appservice may ask about any room that a user of its own is in. */
function joinedMembers(homeserver: Homeserver, call: Call): object {
  const { userId, appservice } = requester(homeserver, call);
  const room = roomOr403(homeserver, call.param('room'), userId);
  const isInside =
    room.joined.has(userId) || [...room.joined].some((member) => appservice?.ownsUser(member));
  if (!isInside) throw forbidden(`User ${userId} not in room ${room.id}`);
  const joined = [...room.joined].map((member) => {
    const content = room.state('m.room.member', member)?.content ?? {};
    const about = {
      display_name: content['displayname'] ?? null,
      avatar_url: content['avatar_url'] ?? null,
    };
    return [member, about];
  });
  return { joined: Object.fromEntries(joined) };
}
