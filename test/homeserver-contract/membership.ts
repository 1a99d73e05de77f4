import { expect, it } from 'vitest';
import {
  type Client,
  createRoom,
  invite,
  join,
  path,
  publicRoom,
  say,
} from '../src/testing/dev-homeserver/support/api.ts';
import { actingAs } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, verdict } from './bench.ts';
import { idsOf, pushed, texts, timeline } from './look.ts';

type Act = 'kick' | 'ban' | 'unban';
const act = (who: Client, room: string, what: Act, target: Client) =>
  who.post(path`/rooms/${room}/${what}`, { user_id: target.userId, reason: 'rude' });
const leave = (who: Client, room: string) => who.post(path`/rooms/${room}/leave`);

export function joinClauses(open: Open): void {
  it('needs an invitation where a room is not public', async () => {
    const { alice, one } = open();
    const room = await createRoom(alice);
    expect(await verdict(join(one, room))).toBe('403 M_FORBIDDEN');
    expect(await verdict(invite(alice, room, one.userId))).toBe('200');
    expect((await join(one, room)).body).toEqual({ room_id: room });
    await leave(one, room);
    expect(await verdict(join(one, room))).toBe('403 M_FORBIDDEN');
  });

  it('goes by an alias too, and a second time changes nothing', async () => {
    const { alice, one, name } = open();
    const alias = name();
    const room = await createRoom(alice, { preset: 'public_chat', room_alias_name: alias });
    expect((await join(one, `#${alias}:hs.test`)).body).toEqual({ room_id: room });
    const before = idsOf(await timeline(alice, room));
    expect((await join(one, room)).body).toEqual({ room_id: room });
    expect(idsOf(await timeline(alice, room))).toEqual(before);
  });

  it('finds no room that there is not', async () => {
    const { one } = open();
    expect(await verdict(join(one, '!none:hs.test'))).toBe('404 M_UNKNOWN');
    expect(await verdict(join(one, '#none:hs.test'))).toBe('404 M_NOT_FOUND');
    expect(await verdict(join(one, 'none'))).toBe('400 M_UNKNOWN');
  });

  it('is refused to whoever is banned, until that is lifted', async () => {
    const { alice, bob, one } = open();
    const room = await publicRoom(alice, bob, one);
    expect(await verdict(act(alice, room, 'ban', one))).toBe('200');
    expect(await verdict(join(one, room))).toBe('403 M_BAD_STATE');
    expect(await verdict(say(one, room, 'still here'))).toBe('403 M_FORBIDDEN');
    expect(await verdict(one.get(path`/rooms/${room}/state`))).toBe('403 M_FORBIDDEN');
    expect(await verdict(act(bob, room, 'unban', one))).toBe('403 M_FORBIDDEN');
    expect(await verdict(act(alice, room, 'unban', one))).toBe('200');
    expect(await verdict(act(alice, room, 'unban', one))).toBe('403 M_BAD_STATE');
    expect(await verdict(join(one, room))).toBe('200');
  });
}

export function inviteClauses(open: Open): void {
  it('is refused for whoever is in, for whoever is banned, and for what is no user', async () => {
    const { alice, bob, one } = open();
    const room = await publicRoom(alice, bob, one);
    expect(await verdict(invite(alice, room, one.userId))).toBe('403 M_FORBIDDEN');
    await act(alice, room, 'ban', one);
    expect(await verdict(invite(alice, room, one.userId))).toBe('403 M_BAD_STATE');
    expect(await verdict(invite(alice, room, 'nobody'))).toBe('400 M_INVALID_PARAM');
    expect(await verdict(invite(alice, room, '@x:else.where'))).toBe('403 M_FORBIDDEN');
  });

  it('may be said again, and then changes nothing', async () => {
    const { alice, one } = open();
    const room = await createRoom(alice);
    await invite(alice, room, one.userId);
    const before = idsOf(await timeline(alice, room));
    expect(await verdict(invite(alice, room, one.userId))).toBe('200');
    expect(idsOf(await timeline(alice, room))).toEqual(before);
  });

  it('is for members who have the power to', async () => {
    const { alice, bob, one, two } = open();
    const room = await publicRoom(alice, bob);
    expect(await verdict(invite(one, room, two.userId))).toBe('403 M_FORBIDDEN');
    expect(await verdict(invite(bob, room, two.userId))).toBe('403 M_FORBIDDEN');
  });

  it('of a ghost that nobody registered is taken, and its appservice is asked for it first', async () => {
    const { alice, name, x } = open();
    const userId = `@_x_${name()}:hs.test`;
    const room = await createRoom(alice, { invite: [userId], is_direct: true });
    const asked = path`/_matrix/app/v1/users/${userId}`;
    const event = await pushed(x, ({ state_key: key }) => key === userId);
    expect(event).toMatchObject({
      room_id: room,
      type: 'm.room.member',
      content: { membership: 'invite', is_direct: true },
    });
    expect(event.unsigned.invite_room_state).toContainEqual(
      expect.objectContaining({ type: 'm.room.create' }),
    );
    const at = (what: (path: string, body: unknown) => boolean) =>
      x.pushed.findIndex((one) => what(one.path, one.body));
    expect(at((to) => to === asked)).toBeLessThan(
      at((to, body) => to.includes('/transactions/') && JSON.stringify(body).includes(userId)),
    );
  });
}

export function leaveClauses(open: Open): void {
  it('is refused to whoever is not in', async () => {
    const { alice, one } = open();
    const room = await publicRoom(alice);
    expect(await verdict(leave(one, room))).toBe('403 M_FORBIDDEN');
    expect(await verdict(leave(one, '!none:hs.test'))).toBe('404 M_UNKNOWN');
  });

  it('declines an invitation', async () => {
    const { alice, one } = open();
    const room = await createRoom(alice, { invite: [one.userId] });
    expect(await verdict(leave(one, room))).toBe('200');
    expect(await verdict(join(one, room))).toBe('403 M_FORBIDDEN');
  });
}

export function forgetClauses(open: Open): void {
  it('hides a room from whoever left it, who could read what was said until then', async () => {
    const { alice, bob } = open();
    const room = await publicRoom(alice, bob);
    await say(alice, room, 'seen');
    const forget = (who: Client) => who.post(path`/rooms/${room}/forget`);
    expect(await verdict(forget(bob))).toBe('400 M_UNKNOWN');
    await leave(bob, room);
    await say(alice, room, 'unseen');
    expect(texts(await timeline(bob, room))).toEqual(['seen']);
    expect(await verdict(forget(bob))).toBe('200');
    const read = bob.get(path`/rooms/${room}/messages`, { query: { dir: 'b' } });
    expect(await verdict(read)).toBe('403 M_FORBIDDEN');
  });
}

export function kickClauses(open: Open): void {
  it('needs somebody who is in, and more power than they have', async () => {
    const { alice, bob, one, two } = open();
    const room = await publicRoom(alice, bob, one);
    expect(await verdict(act(bob, room, 'kick', one))).toBe('403 M_FORBIDDEN');
    expect(await verdict(act(bob, room, 'ban', one))).toBe('403 M_FORBIDDEN');
    expect(await verdict(act(bob, room, 'kick', alice))).toBe('403 M_FORBIDDEN');
    const powers = { users: { [bob.userId]: 50 } };
    await alice.put(path`/rooms/${room}/state/m.room.power_levels`, powers);
    expect(await verdict(act(bob, room, 'kick', alice))).toBe('403 M_FORBIDDEN');
    expect(await verdict(act(alice, room, 'kick', two))).toBe('403 M_FORBIDDEN');
    expect(await verdict(act(alice, room, 'kick', one))).toBe('200');
    expect(await verdict(act(alice, room, 'kick', one))).toBe('403 M_FORBIDDEN');
  });

  it('says who did it and why, and how it was before', async () => {
    const { alice, one } = open();
    const room = await publicRoom(alice, one);
    await act(alice, room, 'kick', one);
    expect((await timeline(alice, room)).at(-1)).toMatchObject({
      sender: alice.userId,
      state_key: one.userId,
      content: { membership: 'leave', reason: 'rude' },
      unsigned: { prev_content: { membership: 'join' }, replaces_state: expect.any(String) },
    });
  });

  it('takes an invitation back', async () => {
    const { alice, one } = open();
    const room = await createRoom(alice, { invite: [one.userId] });
    expect(await verdict(act(alice, room, 'kick', one))).toBe('200');
    expect(await verdict(join(one, room))).toBe('403 M_FORBIDDEN');
  });

  it('of whoever is banned already is refused', async () => {
    const { alice, one } = open();
    const room = await publicRoom(alice, one);
    await act(alice, room, 'ban', one);
    expect(await verdict(act(alice, room, 'kick', one))).toBe('403 M_BAD_STATE');
    expect(await verdict(act(alice, room, 'ban', one))).toBe('200');
  });
}

export function memberClauses(open: Open): void {
  it('lists everybody who is or was there, by what they are', async () => {
    const { alice, bob, one } = open();
    const room = await publicRoom(alice, bob, one);
    await leave(bob, room);
    const list = async (query: Record<string, string>) => {
      const { body } = await alice.get(path`/rooms/${room}/members`, { query });
      return body.chunk.map((event: { state_key: string }) => event.state_key).sort();
    };
    expect(await list({})).toEqual([one.userId, alice.userId, bob.userId].sort());
    expect(await list({ membership: 'join' })).toEqual([one.userId, alice.userId].sort());
    expect(await list({ not_membership: 'join' })).toEqual([bob.userId]);
  });

  it('shows who is in with their names, to members and to an appservice with somebody in it', async () => {
    const { alice, bob, one, two, person, url } = open();
    const room = await publicRoom(alice, one);
    const ask = (who: Client) => who.get(path`/rooms/${room}/joined_members`);
    expect((await ask(alice)).body).toEqual({
      joined: {
        [alice.userId]: { display_name: 'alice', avatar_url: null },
        [one.userId]: { display_name: '_x_one', avatar_url: null },
      },
    });
    expect(await verdict(ask(two))).toBe('200');
    expect(await verdict(ask(actingAs(url)))).toBe('200');
    expect(await verdict(ask(bob))).toBe('403 M_FORBIDDEN');
    expect(await verdict(ask(await person()))).toBe('403 M_FORBIDDEN');
  });

  it('lists the rooms that somebody is in', async () => {
    const { alice, ghost } = open();
    const somebody = await ghost();
    const [room, left] = [await publicRoom(alice, somebody), await publicRoom(alice, somebody)];
    await leave(somebody, left);
    expect((await somebody.get('/joined_rooms')).body).toEqual({ joined_rooms: [room] });
  });
}
