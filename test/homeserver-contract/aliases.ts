import { expect, it } from 'vitest';
import {
  type Client,
  createRoom,
  join,
  path,
  publicRoom,
} from '../src/testing/dev-homeserver/support/api.ts';
import { actingAs } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, verdict } from './bench.ts';

const at = (name: string) => path`/directory/room/${`#${name}:hs.test`}`;

export function aliasClauses(open: Open): void {
  it('leads to a room, from when it is put until it is deleted', async () => {
    const { alice, bob, person, name } = open();
    const room = await publicRoom(alice, bob);
    const tea = name();
    const put = { room_id: room };
    expect(await verdict(bob.put(at(tea), put))).toBe('200');
    expect(await verdict(bob.put(at(tea), put))).toBe('409 M_UNKNOWN');
    expect((await alice.get(at(tea))).body).toEqual({ room_id: room, servers: ['hs.test'] });
    expect((await bob.get(path`/rooms/${room}/aliases`)).body.aliases).toEqual([`#${tea}:hs.test`]);
    expect(await verdict((await person()).delete(at(tea)))).toBe('403 M_FORBIDDEN');
    expect(await verdict(bob.delete(at(tea)))).toBe('200');
    expect(await verdict(bob.get(at(tea)))).toBe('404 M_NOT_FOUND');
    expect(await verdict(bob.delete(at(tea)))).toBe('404 M_NOT_FOUND');
  });

  it('is refused where it is too long, of a namespace, or of no room', async () => {
    const { alice, name } = open();
    const room = await createRoom(alice);
    const put = (alias: string, room_id = room) => verdict(alice.put(at(alias), { room_id }));
    expect(await put(name(), '!none:hs.test')).toBe('400 M_UNKNOWN');
    expect(await put(`_x_${name()}`)).toBe('400 M_EXCLUSIVE');
    expect(await put('a'.repeat(250))).toBe('400 M_INVALID_PARAM');
  });

  it('is put by an appservice in its namespace only, and on a room that it is not in', async () => {
    const { alice, url, name } = open();
    const room = await createRoom(alice);
    const put = (alias: string) => verdict(actingAs(url).put(at(alias), { room_id: room }));
    const own = `_x_${name()}`;
    expect(await put(own)).toBe('200');
    expect(await put(name())).toBe('400 M_EXCLUSIVE');
    expect(await verdict(actingAs(url).delete(at(own)))).toBe('200');
    expect(await verdict(actingAs(url).get(at(own)))).toBe('404 M_NOT_FOUND');
  });

  it('is the canonical one only of the room that it leads to', async () => {
    const { alice, name } = open();
    const [room, other] = [await createRoom(alice), await createRoom(alice)];
    const alias = name();
    await alice.put(at(alias), { room_id: room });
    const call = (of: string, content: object) =>
      verdict(alice.put(path`/rooms/${of}/state/m.room.canonical_alias`, content));
    expect(await call(room, { alias: `#${alias}:hs.test` })).toBe('200');
    expect(await call(other, { alias: `#${alias}:hs.test` })).toBe('400 M_BAD_ALIAS');
    expect(await call(other, { alt_aliases: ['#none:hs.test'] })).toBe('400 M_BAD_ALIAS');
    expect(await call(other, { alias: 'junk' })).toBe('400 M_INVALID_PARAM');
  });

  it('is not needed for a room to be found under a network of an appservice', async () => {
    const { alice, bob, url } = open();
    const room = await publicRoom(alice, bob);
    const found = async (search: object) => {
      const { body } = await bob.post('/publicRooms', search);
      return body.chunk.some((each: { room_id: string }) => each.room_id === room);
    };
    const put = (who: Client, visibility: string) =>
      verdict(who.put(path`/directory/list/appservice/net/${room}`, { visibility }));
    expect(await put(alice, 'public')).toBe('403 M_FORBIDDEN');
    expect(await put(actingAs(url), 'public')).toBe('200');
    const there = { third_party_instance_id: 'x|net' };
    expect(await found(there)).toBe(true);
    expect(await found({})).toBe(false);
    expect(await found({ third_party_instance_id: 'x|other' })).toBe(false);
    expect(await found({ include_all_networks: true })).toBe(true);
    expect(await put(actingAs(url), 'private')).toBe('200');
    expect(await found(there)).toBe(false);
  });

  it('that nobody knows is asked of its appservice, which may make the room just then', async () => {
    const { bob, url, x, name } = open();
    const alias = `_x_${name()}`;
    const asked = path`/_matrix/app/v1/rooms/${`#${alias}:hs.test`}`;
    expect(await verdict(bob.get(at(`_x_${name()}`)))).toBe('404 M_NOT_FOUND');
    x.answer = async (one) => {
      if (one.path !== asked) return [200, '{}'];
      const request = { room_alias_name: alias, preset: 'public_chat' };
      await actingAs(url).post('/createRoom', request);
      return [200, '{}'];
    };
    const { body } = await join(bob, `#${alias}:hs.test`);
    expect((await bob.get(at(alias))).body.room_id).toBe(body.room_id);
    const query = x.pushed.find((one) => one.path === asked);
    expect(query).toMatchObject({ method: 'GET', authorization: 'Bearer hs-token-x' });
  });

  it('is not there where its appservice refuses, or cannot be asked', async () => {
    const { bob, x, name } = open();
    x.answer = async ({ path: to }) => (to.includes('/rooms/') ? [404, '{}'] : [200, '{}']);
    expect(await verdict(bob.get(at(`_x_${name()}`)))).toBe('404 M_NOT_FOUND');
    expect(await verdict(bob.get(at(`_away_${name()}`)))).toBe('404 M_NOT_FOUND');
  });
}
