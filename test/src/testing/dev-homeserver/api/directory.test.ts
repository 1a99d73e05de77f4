import { describe, expect, it } from 'vitest';
import { createRoom, join, path, person, publicRoom } from '../support/api.ts';
import { homeserver, stubAppservice } from '../support/fixture.ts';
import { actingAs, registration } from '../support/stub-appservice.ts';

const alias = (name: string) => path`/directory/room/${`#${name}:hs.test`}`;

describe('aliases', () => {
  it('lead to a room, from when they are put until they are deleted', async () => {
    const hs = await homeserver();
    const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
    const room = await publicRoom(alice, bob);
    const put = { room_id: room };
    expect((await bob.put(alias('tea'), put)).status).toBe(200);
    expect((await alice.put(alias('tea'), put)).status).toBe(409);
    expect((await bob.get(alias('tea'))).body).toEqual({ room_id: room, servers: ['hs.test'] });
    expect((await bob.get(path`/rooms/${room}/aliases`)).body.aliases).toEqual(['#tea:hs.test']);
    const carol = await person(hs, 'carol');
    expect((await carol.delete(alias('tea'))).status).toBe(403);
    expect((await bob.delete(alias('tea'))).status).toBe(200);
    expect((await bob.get(alias('tea'))).status).toBe(404);
  });

  it.each([
    ['of nowhere', 'tea', { room_id: '!none:hs.test' }, '400 M_UNKNOWN'],
    ['of a namespace', '_x_tea', undefined, '400 M_EXCLUSIVE'],
    ['too long', 'a'.repeat(250), undefined, '400 M_INVALID_PARAM'],
  ])('%s are refused', async (_, name, body, expected) => {
    const hs = await homeserver({ registrations: [registration(null)] });
    const alice = await person(hs, 'alice');
    const room = await createRoom(alice);
    const answer = await alice.put(alias(name), body ?? { room_id: room });
    expect(`${answer.status} ${answer.body.errcode}`).toBe(expected);
  });

  it('can be put by an appservice in its namespace, on a room that it is not in', async () => {
    const hs = await homeserver({ registrations: [registration(null)] });
    const alice = await person(hs, 'alice');
    const room = await createRoom(alice);
    const put = async (name: string) =>
      (await actingAs(hs.url).put(alias(name), { room_id: room })).body.errcode;
    expect([await put('_x_tea'), await put('tea')]).toEqual([undefined, 'M_EXCLUSIVE']);
    const carol = await person(hs, 'carol');
    expect((await carol.put(alias('tea'), { room_id: room })).body.errcode).toBe('M_FORBIDDEN');
  });

  it('are the canonical one only of the room that they lead to', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    const [room, other] = [await createRoom(alice), await createRoom(alice)];
    await alice.put(alias('tea'), { room_id: room });
    const name = async (of: string, content: object) =>
      (await alice.put(path`/rooms/${of}/state/m.room.canonical_alias`, content)).body.errcode;
    expect(await name(room, { alias: '#tea:hs.test' })).toBeUndefined();
    expect(await name(other, { alias: '#tea:hs.test' })).toBe('M_BAD_ALIAS');
    expect(await name(other, { alt_aliases: ['#none:hs.test'] })).toBe('M_BAD_ALIAS');
    expect(await name(other, { alias: 'junk' })).toBe('M_INVALID_PARAM');
  });

  it('of a namespace are asked of their appservice, which may make the room just then', async () => {
    const stub = await stubAppservice();
    const hs = await homeserver({ registrations: [registration(stub.url)] });
    const bob = await person(hs, 'bob');
    stub.answer = async ({ path: asked }) => {
      if (asked !== path`/_matrix/app/v1/rooms/${'#_x_new:hs.test'}`) return [404, '{}'];
      const request = { room_alias_name: '_x_new', preset: 'public_chat' };
      await actingAs(hs.url).post('/createRoom', request);
      return [200, '{}'];
    };
    expect((await bob.get(alias('_x_none'))).status).toBe(404);
    const { body } = await join(bob, '#_x_new:hs.test');
    expect(hs.joinedMembers(body.room_id)).toContain(bob.userId);
  });
});

describe('the room directory', () => {
  it('lists what was published, and finds it by its words', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    const tea = await createRoom(alice, { visibility: 'public', name: 'Tea' });
    const coffee = await createRoom(alice, { name: 'Coffee' });
    await alice.put(path`/directory/list/room/${coffee}`, { visibility: 'public' });
    const search = async (term: string) => {
      const filter = { generic_search_term: term };
      const { body } = await alice.post('/publicRooms', { filter });
      return body.chunk.map((room: { room_id: string }) => room.room_id);
    };
    expect(await search('')).toHaveLength(2);
    expect(await search('tea')).toEqual([tea]);
    const bob = await person(hs, 'bob');
    expect((await bob.put(path`/directory/list/room/${tea}`, {})).status).toBe(403);
    await alice.put(path`/directory/list/room/${tea}`, { visibility: 'private' });
    expect(await search('tea')).toEqual([]);
  });
});

describe('POST /user_directory/search', () => {
  it('finds people by name, and no users of appservices', async () => {
    const hs = await homeserver({ registrations: [registration(null)] });
    const alice = await person(hs, 'alice');
    await person(hs, 'bobby');
    await actingAs(hs.url).post('/register', {
      type: 'm.login.application_service',
      username: '_x_bobby',
      inhibit_login: true,
    });
    const { body } = await alice.post('/user_directory/search', { search_term: 'BOB' });
    expect(body.results).toEqual([{ user_id: '@bobby:hs.test', display_name: 'bobby' }]);
  });
});
