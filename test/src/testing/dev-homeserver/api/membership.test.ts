import { describe, expect, it } from 'vitest';
import {
  type Client,
  createRoom,
  invite,
  join,
  path,
  person,
  publicRoom,
  say,
} from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';
import { ghost, registration } from '../support/stub-appservice.ts';

const people = async () => {
  const hs = await homeserver({ registrations: [registration(null)] });
  const [alice, bob, carol] = [
    await person(hs, 'alice'),
    await person(hs, 'bob'),
    await person(hs, 'carol'),
  ];
  return { hs, alice, bob, carol };
};
const act = (who: Client, room: string, what: string, target: Client) =>
  who.post(path`/rooms/${room}/${what}`, { user_id: target.userId, reason: 'so' });
const codeOf = async (answer: Promise<{ status: number; body: { errcode?: string } }>) => {
  const { status, body } = await answer;
  return [status, body.errcode];
};

describe('joining', () => {
  it('needs an invitation where the room is not public', async () => {
    const { hs, alice, bob } = await people();
    const room = await createRoom(alice);
    expect(await codeOf(join(bob, room))).toEqual([403, 'M_FORBIDDEN']);
    expect((await invite(alice, room, bob.userId)).status).toBe(200);
    expect((await join(bob, room)).body).toEqual({ room_id: room });
    expect(hs.joinedMembers(room)).toEqual(['@alice:hs.test', '@bob:hs.test']);
    expect((await bob.get('/joined_rooms')).body).toEqual({ joined_rooms: [room] });
  });

  it('goes by alias too, and twice is as once', async () => {
    const { hs, alice, bob } = await people();
    const room = await createRoom(alice, { preset: 'public_chat', room_alias_name: 'tea' });
    expect((await join(bob, '#tea:hs.test')).body).toEqual({ room_id: room });
    const count = hs.timeline(room).length;
    expect((await join(bob, room)).status).toBe(200);
    expect(hs.timeline(room)).toHaveLength(count);
  });

  it('finds no room that there is not', async () => {
    const { bob } = await people();
    expect(await codeOf(join(bob, '!none:hs.test'))).toEqual([404, 'M_UNKNOWN']);
    expect(await codeOf(join(bob, '#none:hs.test'))).toEqual([404, 'M_NOT_FOUND']);
    expect(await codeOf(join(bob, 'none'))).toEqual([400, 'M_UNKNOWN']);
  });
});

describe('a ban', () => {
  it('keeps somebody out until it is lifted', async () => {
    const { alice, bob, carol } = await people();
    const room = await publicRoom(alice, bob, carol);
    expect(await codeOf(act(bob, room, 'ban', carol))).toEqual([403, 'M_FORBIDDEN']);
    expect((await act(alice, room, 'ban', carol)).status).toBe(200);
    expect(await codeOf(say(carol, room, 'still here'))).toEqual([403, 'M_FORBIDDEN']);
    expect(await codeOf(join(carol, room))).toEqual([403, 'M_BAD_STATE']);
    expect(await codeOf(invite(alice, room, carol.userId))).toEqual([403, 'M_BAD_STATE']);
    expect(await codeOf(carol.get(path`/rooms/${room}/state`))).toEqual([403, 'M_FORBIDDEN']);
    expect(await codeOf(act(bob, room, 'unban', carol))).toEqual([403, 'M_FORBIDDEN']);
    expect((await act(alice, room, 'unban', carol)).status).toBe(200);
    expect(await codeOf(act(alice, room, 'unban', carol))).toEqual([403, 'M_BAD_STATE']);
    expect((await join(carol, room)).status).toBe(200);
  });
});

describe('a kick', () => {
  it('needs more power than its target has', async () => {
    const { alice, bob, carol } = await people();
    const room = await createRoom(alice, {
      preset: 'public_chat',
      power_level_content_override: { users: { [bob.userId]: 50 } },
    });
    await join(bob, room);
    await join(carol, room);
    expect(await codeOf(act(carol, room, 'kick', bob))).toEqual([403, 'M_FORBIDDEN']);
    expect(await codeOf(act(bob, room, 'kick', alice))).toEqual([403, 'M_FORBIDDEN']);
    expect((await act(bob, room, 'kick', carol)).status).toBe(200);
    expect(await codeOf(act(bob, room, 'kick', carol))).toEqual([403, 'M_FORBIDDEN']);
  });
});

describe('an invitation', () => {
  it.each([
    ['somebody who is in already', '@alice:hs.test', 403, 'M_FORBIDDEN'],
    ['somebody from elsewhere', '@x:else.where', 403, 'M_FORBIDDEN'],
    ['nobody', 'junk', 400, 'M_INVALID_PARAM'],
  ])('to %s is refused', async (_, target, status, errcode) => {
    const { alice, bob } = await people();
    const room = await createRoom(alice, { invite: [bob.userId] });
    await join(bob, room);
    expect(await codeOf(invite(bob, room, target))).toEqual([status, errcode]);
  });

  it('needs the level that the room asks for', async () => {
    const { alice, bob, carol } = await people();
    const room = await publicRoom(alice, bob);
    expect(await codeOf(invite(bob, room, carol.userId))).toEqual([403, 'M_FORBIDDEN']);
  });
});

describe('leaving', () => {
  it('leaves what was said until then to be read, until it is forgotten', async () => {
    const { alice, bob } = await people();
    const room = await publicRoom(alice, bob);
    await say(alice, room, 'seen');
    expect((await bob.post(path`/rooms/${room}/leave`, {})).status).toBe(200);
    await say(alice, room, 'unseen');
    const read = () => bob.get(path`/rooms/${room}/messages`, { query: { dir: 'b', limit: '2' } });
    expect((await read()).body.chunk.map((event: { content: object }) => event.content)).toEqual([
      expect.objectContaining({ membership: 'leave' }),
      { msgtype: 'm.text', body: 'seen' },
    ]);
    expect(await codeOf(say(bob, room, 'gone'))).toEqual([403, 'M_FORBIDDEN']);
    const again = bob.post(path`/rooms/${room}/leave`, { reason: 'really' });
    expect(await codeOf(again)).toEqual([403, 'M_FORBIDDEN']);
    expect((await bob.post(path`/rooms/${room}/forget`)).status).toBe(200);
    expect(await codeOf(read())).toEqual([403, 'M_FORBIDDEN']);
    expect(await codeOf(alice.post(path`/rooms/${room}/forget`))).toEqual([400, 'M_UNKNOWN']);
  });
});

describe('a membership event by PUT state', () => {
  it('lets an appservice set the time, the name and more, and keeps to the rules', async () => {
    const { hs, alice } = await people();
    const room = await publicRoom(alice);
    const bob = await ghost(hs.url, '_x_bob');
    const to = path`/rooms/${room}/state/m.room.member/${bob.userId}`;
    const content = { membership: 'join', displayname: 'Bobby', 'x.extra': 1 };
    expect((await bob.put(to, content, { query: { ts: '1000' } })).status).toBe(200);
    expect(hs.timeline(room).at(-1)).toMatchObject({ content, origin_server_ts: 1000 });
    expect(await codeOf(alice.put(to, { membership: 'sideways' }))).toEqual([400, 'M_UNKNOWN']);
    expect((await alice.put(to, { membership: 'ban' })).status).toBe(200);
    expect((await alice.put(to, { membership: 'leave' })).status).toBe(200);
    expect(await codeOf(alice.put(to, { membership: 'join' }))).toEqual([403, 'M_FORBIDDEN']);
  });
});
