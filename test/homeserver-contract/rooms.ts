import { expect, it } from 'vitest';
import { createRoom, join, path, say } from '../src/testing/dev-homeserver/support/api.ts';
import { actingAs } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, verdict } from './bench.ts';
import { idsOf, lastEvent, timeline } from './look.ts';

export function createClauses(open: Open): void {
  it('makes a room of version 12: named after its first event, its creator above all levels', async () => {
    const { alice } = open();
    const room = await createRoom(alice, { name: 'Tea', topic: 'with milk' });
    expect(room).toMatch(/^![\w-]{43}$/);
    const events = await timeline(alice, room);
    expect(`!${events[0].event_id.slice(1)}`).toBe(room);
    expect(events.map(({ type }) => type)).toEqual([
      'm.room.create',
      'm.room.member',
      'm.room.power_levels',
      'm.room.join_rules',
      'm.room.history_visibility',
      'm.room.guest_access',
      'm.room.name',
      'm.room.topic',
    ]);
    expect(events[2].content.users).toEqual({});
  });

  it('makes a room of version 11 with a server in its id and its creator in the levels', async () => {
    const { alice } = open();
    const room = await createRoom(alice, { room_version: '11', preset: 'public_chat' });
    expect(room).toMatch(/^!\w{18}:hs\.test$/);
    const to = path`/rooms/${room}/state/m.room.power_levels`;
    expect((await alice.get(to)).body.users).toEqual({ [alice.userId]: 100 });
  });

  it('makes creators of those whom it trusts, from version 12 on', async () => {
    const { alice, bob } = open();
    const request = { preset: 'trusted_private_chat', invite: [bob.userId] };
    const made = async (extra: object) =>
      timeline(alice, await createRoom(alice, { ...request, ...extra }));
    expect((await made({}))[0].content).toMatchObject({
      room_version: '12',
      additional_creators: [bob.userId],
    });
    expect((await made({ room_version: '11' }))[2].content.users).toEqual({
      [alice.userId]: 100,
      [bob.userId]: 100,
    });
  });

  it('lets what the request says of state and levels win', async () => {
    const { alice } = open();
    const room = await createRoom(alice, {
      power_level_content_override: { invite: 70, events: { 'x.y': 1 } },
      initial_state: [
        { type: 'm.room.join_rules', content: { join_rule: 'public' } },
        { type: 'x.y', state_key: 'k', content: { a: 1 } },
      ],
      creation_content: { type: 'm.space' },
    });
    const events = await timeline(alice, room);
    const state = (type: string) =>
      events.filter((event) => event.type === type).map(({ content }) => content);
    expect(state('m.room.power_levels')).toMatchObject([{ invite: 70, events: { 'x.y': 1 } }]);
    expect(state('m.room.join_rules')).toEqual([{ join_rule: 'public' }]);
    expect(state('m.room.create')).toMatchObject([{ type: 'm.space' }]);
    expect(state('x.y')).toEqual([{ a: 1 }]);
  });

  it('gives it an alias, in the namespace of whoever makes it', async () => {
    const { alice, url, name } = open();
    const alias = name();
    const room = await createRoom(alice, { room_alias_name: alias });
    const canonical = path`/rooms/${room}/state/m.room.canonical_alias`;
    expect((await alice.get(canonical)).body).toEqual({ alias: `#${alias}:hs.test` });
    const make = (room_alias_name: string) =>
      verdict(actingAs(url).post('/createRoom', { room_alias_name }));
    expect(await make(`_x_${name()}`)).toBe('200');
    expect(await make(name())).toBe('400 M_EXCLUSIVE');
  });

  it('refuses what it cannot make', async () => {
    const { alice, name } = open();
    const make = (request: object) => verdict(alice.post('/createRoom', request));
    const taken = name();
    await createRoom(alice, { room_alias_name: taken });
    expect(await make({ room_version: 'none' })).toBe('400 M_UNSUPPORTED_ROOM_VERSION');
    expect(await make({ room_version: 11 })).toBe('400 M_BAD_JSON');
    expect(await make({ preset: 'cosy' })).toBe('400 M_BAD_JSON');
    expect(await make({ room_alias_name: 'a b' })).toBe('400 M_UNKNOWN');
    expect(await make({ room_alias_name: taken })).toBe('400 M_ROOM_IN_USE');
    expect(await make({ room_alias_name: '_x_a' })).toBe('400 M_EXCLUSIVE');
    expect(await make({ invite: ['bob'] })).toBe('400 M_UNKNOWN');
    expect(await make({ invite: ['@bob:else.where'] })).toBe('403 M_FORBIDDEN');
    const power_level_content_override = { users: { [alice.userId]: 100 } };
    expect(await make({ power_level_content_override })).toBe('400 M_UNKNOWN');
    const creation_content = { additional_creators: [alice.userId] };
    expect(await make({ creation_content, power_level_content_override })).toBe('400 M_UNKNOWN');
  });
}

export function powerClauses(open: Open): void {
  const levels = (room: string) => path`/rooms/${room}/state/m.room.power_levels`;

  it('refuses to state what needs more than one has, and to others what is theirs', async () => {
    const { alice, bob, one, room } = open();
    const put = (who: typeof one, type: string, key: string) =>
      verdict(who.put(path`/rooms/${room}/state/${type}/${key}`, { name: 'x' }));
    expect(await put(one, 'm.room.name', '')).toBe('403 M_FORBIDDEN');
    expect(await put(alice, 'm.room.name', '')).toBe('200');
    expect(await put(alice, 'x.y', bob.userId)).toBe('403 M_FORBIDDEN');
    expect(await put(alice, 'x.y', alice.userId)).toBe('200');
  });

  it('refuses to say what needs more than one has', async () => {
    const { alice, bob } = open();
    const room = await createRoom(alice, {
      preset: 'public_chat',
      power_level_content_override: { events_default: 10 },
    });
    await join(bob, room);
    expect(await verdict(say(bob, room, 'x'))).toBe('403 M_FORBIDDEN');
    await alice.put(levels(room), { events_default: 10, users: { [bob.userId]: 10 } });
    expect(await verdict(say(bob, room, 'x'))).toBe('200');
  });

  it('refuses levels that are none, and has no place for a creator in version 12', async () => {
    const { alice, bob, room } = open();
    const put = (content: object) => verdict(alice.put(levels(room), content));
    expect(await put({ users: { [bob.userId]: '50' } })).toBe('400 M_BAD_JSON');
    expect(await put({ invite: '50' })).toBe('400 M_BAD_JSON');
    expect(await put({ users: [] })).toBe('400 M_BAD_JSON');
    expect(await put({ users: { junk: 1 } })).toBe('400 M_UNKNOWN');
    expect(await put({ users: { [alice.userId]: 100 } })).toBe('400 M_UNKNOWN');
  });

  it('lets nobody give more than they have, or take from an equal', async () => {
    const { alice, bob } = open();
    const room = await createRoom(alice, { preset: 'public_chat', room_version: '11' });
    await join(bob, room);
    const put = (who: typeof alice, a: number, b: number) =>
      verdict(who.put(levels(room), { users: { [alice.userId]: a, [bob.userId]: b } }));
    expect(await put(bob, 100, 100)).toBe('403 M_FORBIDDEN');
    expect(await put(alice, 100, 101)).toBe('403 M_FORBIDDEN');
    expect(await put(alice, 100, 100)).toBe('200');
    expect(await put(bob, 50, 100)).toBe('403 M_FORBIDDEN');
    expect(await put(bob, 100, 10)).toBe('200');
    expect(await put(alice, 0, 10)).toBe('200');
  });
}

export function stateClauses(open: Open): void {
  it('tells what it replaces, and keeps an event that would say the same', async () => {
    const { alice } = open();
    const room = await createRoom(alice);
    const put = async (name: string) =>
      (await alice.put(path`/rooms/${room}/state/m.room.name`, { name })).body.event_id;
    const first = await put('one');
    const before = idsOf(await timeline(alice, room));
    expect(await put('one')).toBe(first);
    expect(idsOf(await timeline(alice, room))).toEqual(before);
    await put('two');
    expect((await timeline(alice, room)).at(-1).unsigned).toMatchObject({
      replaces_state: first,
      prev_content: { name: 'one' },
      prev_sender: alice.userId,
    });
  });

  it('is read with or without the event around it, by members only', async () => {
    const { alice, bob } = open();
    const room = await createRoom(alice);
    const to = path`/rooms/${room}/state/x.y/key`;
    await alice.put(to, { a: 1 });
    expect((await alice.get(to)).body).toEqual({ a: 1 });
    expect((await alice.get(to, { query: { format: 'event' } })).body).toMatchObject({
      state_key: 'key',
      sender: alice.userId,
      content: { a: 1 },
    });
    expect(await verdict(alice.get(path`/rooms/${room}/state/x.none`))).toBe('404 M_NOT_FOUND');
    expect(await verdict(bob.get(to))).toBe('403 M_FORBIDDEN');
    expect(await verdict(bob.get(path`/rooms/${'!none'}/state/x.y`))).toBe('403 M_FORBIDDEN');
  });

  it('refuses a key of more than 255 bytes', async () => {
    const { alice, room } = open();
    const put = (key: string) => verdict(alice.put(path`/rooms/${room}/state/x.y/${key}`, {}));
    expect(await put('k'.repeat(255))).toBe('200');
    expect(await put('k'.repeat(256))).toBe('413 M_TOO_LARGE');
    expect(await put('ä'.repeat(128))).toBe('413 M_TOO_LARGE');
  });

  it('of a membership is a step like any other, with what else it says', async () => {
    const { alice, ghost } = open();
    const room = await createRoom(alice, { preset: 'public_chat' });
    const somebody = await ghost();
    const to = path`/rooms/${room}/state/m.room.member/${somebody.userId}`;
    const content = { membership: 'join', displayname: 'Here only', 'x.y': 1 };
    expect(await verdict(somebody.put(to, content, { query: { ts: '1000' } }))).toBe('200');
    expect(await lastEvent(alice, room)).toMatchObject({ content, origin_server_ts: 1000 });
    expect(await verdict(alice.put(to, { membership: 'sideways' }))).toBe('400 M_UNKNOWN');
    expect(await verdict(alice.put(to, { membership: 'ban' }))).toBe('200');
    expect(await verdict(somebody.put(to, content))).toBe('403 M_BAD_STATE');
    expect(await verdict(alice.put(to, { membership: 'leave' }))).toBe('200');
    expect(await verdict(alice.put(to, { membership: 'join' }))).toBe('403 M_FORBIDDEN');
    const whose = path`/rooms/${room}/state/m.room.member/${'junk'}`;
    expect(await verdict(alice.put(whose, { membership: 'invite' }))).toBe('400 M_INVALID_PARAM');
  });
}
