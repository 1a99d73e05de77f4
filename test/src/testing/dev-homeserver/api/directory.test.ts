import { describe, expect, it } from 'vitest';
import { createRoom, path, person } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';
import { actingAs, registration } from '../support/stub-appservice.ts';

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
