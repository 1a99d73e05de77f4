import { describe, expect, it } from 'vitest';
import { createRoom, join, path, person, publicRoom, say } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';
import { actingAs, ghost, registration } from '../support/stub-appservice.ts';

const room = async () => {
  const hs = await homeserver({ registrations: [registration(null)] });
  const alice = await person(hs, 'alice');
  const bob = await person(hs, 'bob');
  return { hs, alice, bob, roomId: await publicRoom(alice, bob) };
};

describe('PUT /state', () => {
  it('tells what it replaces, and keeps an event that would say the same', async () => {
    const { hs, alice, roomId } = await room();
    const put = (name: string) => alice.put(path`/rooms/${roomId}/state/m.room.name`, { name });
    const first = (await put('one')).body.event_id;
    expect((await put('one')).body.event_id).toBe(first);
    const count = hs.timeline(roomId).length;
    await put('two');
    expect(hs.timeline(roomId)).toHaveLength(count + 1);
    expect(hs.timeline(roomId).at(-1)?.unsigned).toEqual({
      replaces_state: first,
      prev_content: { name: 'one' },
      prev_sender: alice.userId,
    });
  });

  it('asks for the level of the event, and for one’s own key where it is a user', async () => {
    const { alice, bob, roomId } = await room();
    const put = async (who: typeof alice, type: string, key: string) =>
      (await who.put(path`/rooms/${roomId}/state/${type}/${key}`, { name: 'x' })).status;
    expect(await put(bob, 'm.room.name', '')).toBe(403);
    expect(await put(alice, 'm.room.name', '')).toBe(200);
    expect(await put(alice, 'x.y', '@bob:hs.test')).toBe(403);
    expect(await put(alice, 'x.y', '@alice:hs.test')).toBe(200);
    expect(await put(alice, 'x.y', 'k'.repeat(256))).toBe(413);
  });

  it('is read back with or without the event around it, by members only', async () => {
    const { hs, alice, roomId } = await room();
    await alice.put(path`/rooms/${roomId}/state/x.y/k%2Fey`, { a: 1 });
    const to = path`/rooms/${roomId}/state/x.y/k%2Fey`;
    expect((await alice.get(to)).body).toEqual({ a: 1 });
    expect((await alice.get(to, { query: { format: 'event' } })).body).toMatchObject({
      state_key: 'k/ey',
      content: { a: 1 },
    });
    expect((await alice.get(path`/rooms/${roomId}/state/x.none`)).status).toBe(404);
    expect((await (await person(hs, 'carol')).get(to)).status).toBe(403);
  });
});

describe('power levels', () => {
  const users = (levels: object) => ({ users: levels });

  it.each([
    ['a level that is text', { users: { '@alice:hs.test': '100' } }, 'M_BAD_JSON'],
    ['a default that is text', { invite: '50', users: { '@alice:hs.test': 100 } }, 'M_BAD_JSON'],
    ['users that are a list', { users: [] }, 'M_BAD_JSON'],
    ['a user that is none', users({ '@alice:hs.test': 100, junk: 1 }), 'M_UNKNOWN'],
  ])('refuses %s', async (_, content, errcode) => {
    const { alice, roomId } = await room();
    const answer = await alice.put(path`/rooms/${roomId}/state/m.room.power_levels`, content);
    expect([answer.status, answer.body.errcode]).toEqual([400, errcode]);
  });

  it('cannot be raised above one’s own, nor taken from an equal, but given up', async () => {
    const hs = await homeserver();
    const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
    const roomId = await createRoom(alice, { preset: 'public_chat', room_version: '11' });
    await join(bob, roomId);
    const put = async (who: typeof alice, a: number, b: number) =>
      (
        await who.put(path`/rooms/${roomId}/state/m.room.power_levels`, {
          users: { '@alice:hs.test': a, '@bob:hs.test': b },
        })
      ).status;
    expect(await put(bob, 100, 100)).toBe(403);
    expect(await put(alice, 100, 101)).toBe(403);
    expect(await put(alice, 100, 100)).toBe(200);
    expect(await put(bob, 50, 100)).toBe(403);
    expect(await put(bob, 100, 10)).toBe(200);
    expect(await put(alice, 100, 0)).toBe(200);
  });

  it('of version 12 have no place for a creator, whom nobody can kick', async () => {
    const { alice, bob, roomId } = await room();
    const to = path`/rooms/${roomId}/state/m.room.power_levels`;
    const answer = await alice.put(to, { users: { '@alice:hs.test': 100 } });
    expect([answer.status, answer.body.errcode]).toEqual([400, 'M_UNKNOWN']);
    expect((await alice.put(to, { users: { '@bob:hs.test': 1_000_000 } })).status).toBe(200);
    const kick = bob.post(path`/rooms/${roomId}/kick`, { user_id: '@alice:hs.test' });
    expect((await kick).status).toBe(403);
  });
});

describe('GET /members', () => {
  it('lists who is or was there, by what they are', async () => {
    const { alice, bob, roomId } = await room();
    await bob.post(path`/rooms/${roomId}/leave`);
    const list = async (query: Record<string, string>) =>
      (await alice.get(path`/rooms/${roomId}/members`, { query })).body.chunk.map(
        (event: { state_key: string }) => event.state_key,
      );
    expect(await list({})).toEqual(['@alice:hs.test', '@bob:hs.test']);
    expect(await list({ membership: 'join' })).toEqual(['@alice:hs.test']);
    expect(await list({ not_membership: 'join' })).toEqual(['@bob:hs.test']);
  });
});

describe('GET /joined_members', () => {
  it('is open to an appservice with a user in the room, and to members', async () => {
    const { hs, alice, roomId } = await room();
    const ask = async (who: typeof alice) => await who.get(path`/rooms/${roomId}/joined_members`);
    expect((await ask(actingAs(hs.url))).status).toBe(403);
    await join(await ghost(hs.url, '_x_bob'), roomId);
    expect((await ask(actingAs(hs.url))).body.joined['@_x_bob:hs.test']).toEqual({
      display_name: '_x_bob',
      avatar_url: null,
    });
    expect((await ask(alice)).status).toBe(200);
    expect((await ask(await person(hs, 'carol'))).status).toBe(403);
  });
});

describe('an event in the state', () => {
  it('is still told in the words of its time when the room has gone on', async () => {
    const { alice, bob, roomId } = await room();
    const { body } = await say(alice, roomId, 'here');
    await bob.post(path`/rooms/${roomId}/leave`);
    await alice.put(path`/rooms/${roomId}/state/m.room.name`, { name: 'later' });
    const { body: context } = await alice.get(path`/rooms/${roomId}/context/${body.event_id}`, {
      query: { limit: '0' },
    });
    const types = context.state.map((event: { type: string }) => event.type);
    expect(types).not.toContain('m.room.name');
    const there = context.state.find(
      (event: { state_key: string }) => event.state_key === bob.userId,
    );
    expect(there.content.membership).toBe('join');
    expect((await bob.get(path`/rooms/${roomId}/state/m.room.name`)).status).toBe(404);
  });
});
