import { describe, expect, it } from 'vitest';
import { createRoom, path, person, publicRoom } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';
import { actingAs, ghost, registration } from '../support/stub-appservice.ts';

describe('PUT /profile', () => {
  it('shows in every room of that person, once for each change', async () => {
    const hs = await homeserver();
    const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
    const rooms = [await publicRoom(alice), await publicRoom(bob, alice)];
    const left = await publicRoom(bob, alice);
    await alice.post(path`/rooms/${left}/leave`);
    const ends = [...rooms, left].map((room) => hs.timeline(room).length);
    const put = (displayname: string) =>
      alice.put(path`/profile/${alice.userId}/displayname`, { displayname });
    expect((await put(' Alice L. ')).body).toEqual({});
    await put('Alice L.');
    for (const room of rooms)
      expect(hs.timeline(room).at(-1)).toMatchObject({
        type: 'm.room.member',
        content: { membership: 'join', displayname: 'Alice L.' },
      });
    expect([...rooms, left].map((room) => hs.timeline(room).length)).toEqual([
      (ends[0] ?? 0) + 1,
      (ends[1] ?? 0) + 1,
      ends[2],
    ]);
    expect((await bob.get(path`/profile/${alice.userId}`)).body).toEqual({
      displayname: 'Alice L.',
    });
  });

  it('goes into an invitation and a join', async () => {
    const hs = await homeserver();
    const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
    await bob.put(path`/profile/${bob.userId}/avatar_url`, { avatar_url: 'mxc://hs.test/a' });
    const room = await createRoom(alice, { invite: [bob.userId] });
    expect(hs.timeline(room).at(-1)?.content).toEqual({
      membership: 'invite',
      displayname: 'bob',
      avatar_url: 'mxc://hs.test/a',
    });
    await bob.post(path`/join/${room}`);
    expect(hs.timeline(room).at(-1)?.content).toMatchObject({ avatar_url: 'mxc://hs.test/a' });
  });

  it.each([
    ['a name of 257 letters', 'displayname', { displayname: 'a'.repeat(257) }, 'M_UNKNOWN'],
    ['a name that is a number', 'displayname', { displayname: 5 }, 'M_INVALID_PARAM'],
    ['no name', 'displayname', {}, 'M_MISSING_PARAM'],
    ['a key of 256 bytes', 'k'.repeat(256), { ['k'.repeat(256)]: 1 }, 'M_KEY_TOO_LARGE'],
  ])('refuses %s', async (_, field, body, errcode) => {
    const alice = await person(await homeserver(), 'alice');
    const answer = await alice.put(path`/profile/${alice.userId}/${field}`, body);
    expect([answer.status, answer.body.errcode]).toEqual([400, errcode]);
  });

  it('takes 256 letters of any width, other fields, and only one’s own', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    const put = async (userId: string, field: string, value: unknown) =>
      (await alice.put(path`/profile/${userId}/${field}`, { [field]: value })).status;
    expect(await put(alice.userId, 'displayname', '😀'.repeat(256))).toBe(200);
    expect(await put(alice.userId, 'x.y', { a: 1 })).toBe(200);
    expect((await alice.get(path`/profile/${alice.userId}/x.y`)).body).toEqual({ 'x.y': { a: 1 } });
    await alice.delete(path`/profile/${alice.userId}/x.y`);
    expect((await alice.get(path`/profile/${alice.userId}/x.y`)).status).toBe(404);
    await person(hs, 'bob');
    expect(await put('@bob:hs.test', 'displayname', 'x')).toBe(400);
    expect((await alice.get(path`/profile/${alice.userId}/avatar_url`)).body).toEqual({});
    expect((await alice.get(path`/profile/${'@none:hs.test'}/displayname`)).status).toBe(404);
  });

  it('lets an appservice name its users and its sender', async () => {
    const hs = await homeserver({ registrations: [registration(null)] });
    const bob = await ghost(hs.url, '_x_bob');
    const name = { displayname: 'Bob (away)' };
    expect((await bob.put(path`/profile/${bob.userId}/displayname`, name)).status).toBe(200);
    const sender = actingAs(hs.url);
    expect((await sender.put(path`/profile/${sender.userId}/displayname`, name)).status).toBe(200);
    expect((await sender.get(path`/profile/${bob.userId}`)).body).toEqual(name);
  });
});
