import { z } from 'zod';
import { checkAlias, mayUseAlias, roomIdOfAlias } from '../actions/aliases.ts';
import { Fault, forbidden, notFound, refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';
import { checkPower } from '../room/auth-rules.ts';
import { powerToSend } from '../room/power.ts';
import type { Room } from '../room/room.ts';
import { limitOf } from './messages.ts';
import { sight } from './state.ts';

const Alias = z.object({ room_id: z.string() });
const Visibility = z.object({ visibility: z.enum(['public', 'private']).default('public') });
const Search = z.object({
  limit: z.number().int().positive().default(100),
  filter: z.object({ generic_search_term: z.string().nullish() }).nullish(),
  include_all_networks: z.boolean().default(false),
  third_party_instance_id: z.string().nullish(),
});
const PeopleSearch = z.object({ search_term: z.string(), limit: z.number().int().default(10) });

/** How rooms and people are found. */
export function directoryRoutes(homeserver: Homeserver): readonly Route[] {
  const { world } = homeserver;
  return [
    ...client('GET', '/directory/room/:alias', async (call) => {
      const roomId = await roomIdOfAlias(homeserver, call.param('alias'));
      if (roomId === undefined) throw notFound(`Room alias ${call.param('alias')} not found`);
      return { room_id: roomId, servers: [homeserver.serverName] };
    }),
    ...client('PUT', '/directory/room/:alias', (call) => putAlias(homeserver, call)),
    ...client('DELETE', '/directory/room/:alias', (call) => deleteAlias(homeserver, call)),
    ...client('GET', '/rooms/:room/aliases', (call) => {
      const { room } = sight(homeserver, call);
      const ofRoom = [...world.aliases.values()].filter(({ roomId }) => roomId === room.id);
      return { aliases: ofRoom.map(({ alias }) => alias) };
    }),
    ...client('GET', '/directory/list/room/:room', (call) => {
      const room = world.rooms.get(call.param('room'));
      if (room === undefined) throw notFound('Unknown room');
      return { visibility: room.listed ? 'public' : 'private' };
    }),
    ...client('PUT', '/directory/list/room/:room', (call) => setListed(homeserver, call)),
    ...client('PUT', '/directory/list/appservice/:network/:room', (call) =>
      setListedUnder(homeserver, call),
    ),
    ...client('GET', '/publicRooms', (call) => {
      requester(homeserver, call);
      return publicRooms(homeserver, Search.parse({ limit: limitOf(call, { limit: 100 }) }));
    }),
    ...client('POST', '/publicRooms', async (call) => {
      requester(homeserver, call);
      return publicRooms(homeserver, await call.json(Search, {}));
    }),
    ...client('POST', '/user_directory/search', async (call) => {
      requester(homeserver, call);
      return searchPeople(homeserver, await call.json(PeopleSearch));
    }),
  ];
}

async function putAlias(homeserver: Homeserver, call: Call): Promise<object> {
  const who = requester(homeserver, call);
  const alias = call.param('alias');
  const { room_id: roomId } = await call.json(Alias);
  checkAlias(homeserver, alias);
  mayUseAlias(homeserver, who, alias);
  const room = homeserver.world.rooms.get(roomId);
  if (room === undefined) throw refused('Room does not exist');
  if (who.appservice === undefined && !room.joined.has(who.userId))
    throw forbidden('You must be in the room to create an alias for it');
  if (homeserver.world.aliases.has(alias))
    throw new Fault(409, 'M_UNKNOWN', `Room alias ${alias} already exists`);
  homeserver.commit({ kind: 'alias', alias, roomId, by: who.userId });
  return {};
}

function deleteAlias(homeserver: Homeserver, call: Call): object {
  const who = requester(homeserver, call);
  const alias = call.param('alias');
  mayUseAlias(homeserver, who, alias);
  const known = homeserver.world.aliases.get(alias);
  if (known === undefined && who.appservice !== undefined) return {};
  if (known === undefined) throw notFound('Unknown room alias');
  const room = homeserver.world.rooms.get(known.roomId);
  if (who.appservice === undefined && known.by !== who.userId && room !== undefined)
    checkPower(
      room,
      who.userId,
      powerToSend(room, { type: 'm.room.canonical_alias', stateKey: '' }),
    );
  homeserver.commit({ kind: 'alias-gone', alias });
  return {};
}

async function setListed(homeserver: Homeserver, call: Call): Promise<object> {
  const { userId } = requester(homeserver, call);
  const { visibility } = await call.json(Visibility, {});
  const room = homeserver.world.rooms.get(call.param('room'));
  if (room === undefined) throw notFound('Unknown room');
  if (!room.joined.has(userId)) throw forbidden(`User ${userId} not in room ${room.id}`);
  checkPower(room, userId, powerToSend(room, { type: 'm.room.canonical_alias', stateKey: '' }));
  homeserver.commit({ kind: 'listed', roomId: room.id, listed: visibility === 'public' });
  return {};
}

/** The room need not have anybody of the appservice in it. */
async function setListedUnder(homeserver: Homeserver, call: Call): Promise<object> {
  const { appservice } = requester(homeserver, call);
  if (appservice === undefined)
    throw forbidden('Only appservices can edit the appservice published room list');
  const { visibility } = await call.json(Visibility, {});
  const instance = `${appservice.id}|${call.param('network')}`;
  const roomId = call.param('room');
  homeserver.commit({ kind: 'listed', roomId, listed: visibility === 'public', instance });
  return {};
}

/** Without a network only what people have listed. */
function publicRooms({ world }: Homeserver, search: z.infer<typeof Search>): object {
  const { limit, filter, include_all_networks: isAll, third_party_instance_id: network } = search;
  const term = filter?.generic_search_term?.toLowerCase() ?? '';
  const isListed = ({ listed, listedUnder }: Room) =>
    network ? listedUnder.has(network) : listed || (isAll && listedUnder.size > 0);
  const chunk = [...world.rooms.values()]
    .filter(isListed)
    .map(roomCard)
    .filter((card) => JSON.stringify(card).toLowerCase().includes(term))
    .sort((a, b) => b.num_joined_members - a.num_joined_members);
  return { chunk: chunk.slice(0, limit), total_room_count_estimate: chunk.length };
}

function roomCard(room: Room) {
  const text = (type: string, field: string) => room.state(type)?.content[field];
  return {
    room_id: room.id,
    name: text('m.room.name', 'name'),
    topic: text('m.room.topic', 'topic'),
    canonical_alias: text('m.room.canonical_alias', 'alias'),
    avatar_url: text('m.room.avatar', 'url'),
    join_rule: text('m.room.join_rules', 'join_rule'),
    room_type: text('m.room.create', 'type'),
    num_joined_members: room.joined.size,
    world_readable: text('m.room.history_visibility', 'history_visibility') === 'world_readable',
    guest_can_join: text('m.room.guest_access', 'guest_access') === 'can_join',
  };
}

function searchPeople(
  { world, appservices }: Homeserver,
  { search_term: term, limit }: z.infer<typeof PeopleSearch>,
): object {
  const wanted = term.toLowerCase();
  const people = world.accounts
    .userIds()
    .filter((userId) => !appservices.some((appservice) => appservice.ownsUserAlone(userId)))
    .map((userId) => {
      const profile = world.accounts.profileOf(userId);
      return {
        user_id: userId,
        display_name: profile?.get('displayname'),
        avatar_url: profile?.get('avatar_url'),
      };
    })
    .filter((person) => JSON.stringify(person).toLowerCase().includes(wanted));
  return { results: people.slice(0, limit), limited: people.length > limit };
}
