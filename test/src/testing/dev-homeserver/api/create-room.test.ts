import { describe, expect, it } from 'vitest';
import { createRoom, path, person } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';
import { actingAs, registration } from '../support/stub-appservice.ts';

const types = (events: readonly { type: string }[]) => events.map(({ type }) => type);

describe('POST /createRoom', () => {
  it('makes a room of version 12: named after its first event, its creator above all levels', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    const room = await createRoom(alice, { name: 'Tea', topic: 'with milk' });
    expect(room).toMatch(/^![\w-]{43}$/);
    const events = hs.timeline(room);
    expect(`!${events[0]?.event_id.slice(1)}`).toBe(room);
    expect(types(events)).toEqual([
      'm.room.create',
      'm.room.member',
      'm.room.power_levels',
      'm.room.join_rules',
      'm.room.history_visibility',
      'm.room.guest_access',
      'm.room.name',
      'm.room.topic',
    ]);
    expect(events[2]?.content['users']).toEqual({});
    expect((await alice.get(path`/rooms/${room}/state/m.room.name`)).body).toEqual({ name: 'Tea' });
  });

  it('makes a room of version 11 with a server in its id and its creator in the levels', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    const room = await createRoom(alice, { room_version: '11', preset: 'public_chat' });
    expect(room).toMatch(/^!\w{18}:hs\.test$/);
    const levels = (await alice.get(path`/rooms/${room}/state/m.room.power_levels`)).body;
    expect(levels.users).toEqual({ '@alice:hs.test': 100 });
    const rules = (await alice.get(path`/rooms/${room}/state/m.room.join_rules`)).body;
    expect(rules).toEqual({ join_rule: 'public' });
  });

  it('never gives two rooms the same id, even of one person at the same time', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    const rooms = await Promise.all(Array.from({ length: 20 }, () => createRoom(alice)));
    expect(new Set(rooms).size).toBe(20);
  });

  it('makes those whom it trusts creators', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    const request = { preset: 'trusted_private_chat', invite: ['@bob:hs.test'] };
    const create = async (extra: object) =>
      hs.timeline(await createRoom(alice, { ...request, ...extra }));
    expect((await create({}))[0]?.content).toEqual({
      room_version: '12',
      additional_creators: ['@bob:hs.test'],
    });
    const old = await create({ room_version: '11' });
    expect(old[2]?.content['users']).toEqual({ '@alice:hs.test': 100, '@bob:hs.test': 100 });
  });

  it('lets what the request says of state and levels win', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    const room = await createRoom(alice, {
      power_level_content_override: { invite: 70, events: { 'x.y': 1 } },
      initial_state: [
        { type: 'm.room.join_rules', content: { join_rule: 'public' } },
        { type: 'x.y', state_key: 'k', content: { a: 1 } },
      ],
      creation_content: { type: 'm.space' },
    });
    const state = async (type: string) =>
      (await alice.get(path`/rooms/${room}/state/${type}`)).body;
    expect(await state('m.room.power_levels')).toMatchObject({ invite: 70, events: { 'x.y': 1 } });
    expect(await state('m.room.join_rules')).toEqual({ join_rule: 'public' });
    expect(await state('m.room.create')).toMatchObject({ type: 'm.space' });
    expect((await alice.get(path`/rooms/${room}/state/x.y/k`)).body).toEqual({ a: 1 });
    expect(types(hs.timeline(room)).filter((type) => type === 'm.room.join_rules')).toHaveLength(1);
  });

  it('gives it an alias, which no other room can have', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    const room = await createRoom(alice, { room_alias_name: 'tea' });
    expect((await alice.get(path`/directory/room/${'#tea:hs.test'}`)).body.room_id).toBe(room);
    expect((await alice.get(path`/rooms/${room}/state/m.room.canonical_alias`)).body).toEqual({
      alias: '#tea:hs.test',
    });
    const again = await alice.post('/createRoom', { room_alias_name: 'tea' });
    expect([again.status, again.body.errcode]).toEqual([400, 'M_ROOM_IN_USE']);
    expect(hs.rooms()).toEqual([room]);
  });

  it.each([
    ['an unknown version', { room_version: '10' }, 400, 'M_UNSUPPORTED_ROOM_VERSION'],
    ['a version that is a number', { room_version: 11 }, 400, 'M_BAD_JSON'],
    ['a bad invitee', { invite: ['bob'] }, 400, 'M_UNKNOWN'],
    ['an invitee from elsewhere', { invite: ['@bob:else.where'] }, 403, 'M_FORBIDDEN'],
    ['an alias of a namespace', { room_alias_name: '_x_a' }, 400, 'M_EXCLUSIVE'],
    ['an alias with a space', { room_alias_name: 'a b' }, 400, 'M_UNKNOWN'],
    ['an unknown preset', { preset: 'cosy' }, 400, 'M_BAD_JSON'],
    [
      'its creator in the levels',
      { power_level_content_override: { users: { '@alice:hs.test': 100 } } },
      400,
      'M_UNKNOWN',
    ],
    [
      'a co-creator in the levels',
      {
        creation_content: { additional_creators: ['@bob:hs.test'] },
        power_level_content_override: { users: { '@bob:hs.test': 100 } },
      },
      400,
      'M_UNKNOWN',
    ],
  ])('refuses %s, and makes no room', async (_, request, status, errcode) => {
    const hs = await homeserver({ registrations: [registration(null)] });
    const alice = await person(hs, 'alice');
    const answer = await alice.post('/createRoom', request);
    expect([answer.status, answer.body.errcode]).toEqual([status, errcode]);
    expect(hs.rooms()).toEqual([]);
  });

  it('lets an appservice use aliases of its own namespace, and no others', async () => {
    const hs = await homeserver({ registrations: [registration(null)] });
    const create = (name: string) =>
      actingAs(hs.url).post('/createRoom', { room_alias_name: name });
    expect((await create('_x_a')).status).toBe(200);
    expect((await create('other')).body.errcode).toBe('M_EXCLUSIVE');
  });
});
