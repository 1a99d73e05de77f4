import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { Fault, refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Requester } from '../requester.ts';
import { type Content, type Draft, isRoomVersion, type RoomVersion } from '../room/event.ts';
import { eventIdFor } from '../room/event-id.ts';
import { Room } from '../room/room.ts';
import { checkAlias, mayUseAlias } from './aliases.ts';
import { appendEvent, commitEvent, fieldsOf } from './append-event.ts';
import { changeMembership, checkLocal } from './membership.ts';

const PRESETS = ['private_chat', 'trusted_private_chat', 'public_chat'] as const;
const Fields = z.record(z.string(), z.unknown());

export const CreateRoom = z.object({
  preset: z.enum(PRESETS).optional(),
  visibility: z.enum(['public', 'private']).optional(),
  name: z.string().optional(),
  topic: z.string().optional(),
  invite: z.array(z.string()).default([]),
  is_direct: z.boolean().default(false),
  room_version: z.string().default('12'),
  room_alias_name: z.string().optional(),
  creation_content: Fields.default({}),
  initial_state: z
    .array(z.object({ type: z.string(), state_key: z.string().default(''), content: Fields }))
    .default([]),
  power_level_content_override: Fields.default({}),
});
export type RoomRequest = z.infer<typeof CreateRoom>;

interface Plan {
  readonly request: RoomRequest;
  readonly creator: string;
  readonly version: RoomVersion;
  readonly preset: (typeof PRESETS)[number];
  readonly alias: string | undefined;
  readonly sentAtMs?: number | undefined;
}

/** Makes a room with all that its creator asked for, and gives back its id. @throws {Fault} */
export function createRoom(homeserver: Homeserver, who: Requester, request: RoomRequest): string {
  const plan = planOf(homeserver, who, request);
  const room = firstEvent(homeserver, plan);
  const { creator } = plan;
  changeMembership(homeserver, room, { act: 'join', sender: creator, target: creator });
  if (plan.alias !== undefined)
    homeserver.commit({ kind: 'alias', alias: plan.alias, roomId: room.id, by: creator });
  for (const [type, content, stateKey = ''] of firstState(plan))
    appendEvent(homeserver, room, { type, sender: creator, stateKey, content });
  for (const target of request.invite)
    changeMembership(homeserver, room, {
      act: 'invite',
      sender: creator,
      target,
      ...(request.is_direct && { content: { is_direct: true } }),
    });
  if (request.visibility === 'public')
    homeserver.commit({ kind: 'listed', roomId: room.id, listed: true });
  return room.id;
}

/** Checks all that can be checked before anything is made. */
function planOf(homeserver: Homeserver, who: Requester, request: RoomRequest): Plan {
  const version = request.room_version;
  if (!isRoomVersion(version))
    throw new Fault(400, 'M_UNSUPPORTED_ROOM_VERSION', `Room version '${version}' is not 11 or 12`);
  for (const userId of request.invite) {
    if (!/^@[^:]*:.+$/.test(userId)) throw refused(`Invalid user_id: ${userId}`);
    checkLocal(homeserver, userId);
  }
  const alias = aliasOf(homeserver, who, request.room_alias_name);
  const preset =
    request.preset ?? (request.visibility === 'public' ? 'public_chat' : 'private_chat');
  const plan = { request, creator: who.userId, version, preset, alias };
  checkCreators(plan);
  return plan;
}

function aliasOf(homeserver: Homeserver, who: Requester, name: string | undefined) {
  if (name === undefined) return undefined;
  if (/[\s:]/.test(name)) throw refused('Invalid characters in room alias');
  const alias = `#${name}:${homeserver.serverName}`;
  checkAlias(homeserver, alias);
  mayUseAlias(homeserver, who, alias);
  if (homeserver.world.aliases.has(alias))
    throw new Fault(400, 'M_ROOM_IN_USE', 'Room alias already taken');
  return alias;
}

function checkCreators({ request, creator, version }: Plan): void {
  const users = request.power_level_content_override['users'];
  const more = request.creation_content['additional_creators'] ?? [];
  if (version !== '12') return;
  if (!Array.isArray(more))
    throw new Fault(400, 'M_FORBIDDEN', 'additional_creators must be an array');
  if (typeof users !== 'object' || users === null) return;
  for (const userId of [creator, ...more.map(String)])
    if (Object.hasOwn(users, userId))
      throw refused(`Creator user ${userId} must not appear in content.users`);
}

/** The event that a room begins with: from version 12 on, the room is named after it. */
function firstEvent(homeserver: Homeserver, plan: Plan): Room {
  const { serverName } = homeserver;
  const sentAtMs = Date.now();
  const draft: Draft = {
    type: 'm.room.create',
    sender: plan.creator,
    stateKey: '',
    content: creationContent(plan),
  };
  const givenId = plan.version === '11' ? `!${randomLetters(18)}:${serverName}` : '';
  // Or two rooms that one person makes in the same millisecond would be the same room.
  const previous = `$${homeserver.world.position}`;
  const place = { roomId: givenId, serverName, depth: 1, previous };
  const empty = new Room(givenId, plan.version);
  const eventId = eventIdFor(empty, { ...draft, sentAtMs }, place);
  const roomId = givenId === '' ? `!${eventId.slice(1)}` : givenId;
  commitEvent(homeserver, { event_id: eventId, ...fieldsOf(roomId, draft, sentAtMs) });
  return homeserver.world.rooms.get(roomId) ?? empty;
}

function creationContent({ request, version, preset }: Plan): Content {
  const { creator: _, ...given } = request.creation_content;
  const more = version === '12' && preset === 'trusted_private_chat' ? request.invite : [];
  const creators = [...new Set([...((given['additional_creators'] as string[]) ?? []), ...more])];
  return {
    ...given,
    room_version: version,
    ...(creators.length > 0 && { additional_creators: creators }),
  };
}

type State = readonly [type: string, content: Content, stateKey?: string];

function firstState(plan: Plan): readonly State[] {
  const { request, preset, alias } = plan;
  const isPublic = preset === 'public_chat';
  const preset_: readonly State[] = [
    ...(alias === undefined ? [] : [['m.room.canonical_alias', { alias }] as const]),
    ['m.room.join_rules', { join_rule: isPublic ? 'public' : 'invite' }],
    ['m.room.history_visibility', { history_visibility: 'shared' }],
    ...(isPublic ? [] : [['m.room.guest_access', { guest_access: 'can_join' }] as const]),
  ];
  const given = request.initial_state.map(
    ({ type, content, state_key }): State => [type, content, state_key],
  );
  const isGiven = (type: string) => given.some(([of, , key]) => of === type && key === '');
  return [
    ...(isGiven('m.room.power_levels')
      ? []
      : [['m.room.power_levels', powerLevels(plan)] as const]),
    ...preset_.filter(([type]) => !isGiven(type)),
    ...given,
    ...(request.name === undefined ? [] : [['m.room.name', { name: request.name }] as const]),
    ...(request.topic === undefined
      ? []
      : [['m.room.topic', topicContent(request.topic)] as const]),
  ];
}

const topicContent = (topic: string) => ({
  topic,
  'm.topic': { 'm.text': [{ body: topic }] },
});

function powerLevels({ request, creator, version, preset }: Plan): Content {
  const equals = preset === 'trusted_private_chat' ? request.invite : [];
  const users = version === '12' ? [] : [creator, ...equals];
  return {
    users: Object.fromEntries(users.map((userId) => [userId, 100])),
    users_default: 0,
    events: {
      'm.room.name': 50,
      'm.room.power_levels': 100,
      'm.room.history_visibility': 100,
      'm.room.canonical_alias': 50,
      'm.room.avatar': 50,
      'm.room.tombstone': version === '12' ? 150 : 100,
      'm.room.server_acl': 100,
      'm.room.encryption': 100,
    },
    events_default: 0,
    state_default: 50,
    ban: 50,
    kick: 50,
    redact: 50,
    invite: preset === 'public_chat' ? 50 : 0,
    historical: 100,
    ...request.power_level_content_override,
  };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const randomLetters = (count: number) =>
  Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('');
