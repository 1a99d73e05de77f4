import { expect, it } from 'vitest';
import { createRoom, join, path, say } from '../src/testing/dev-homeserver/support/api.ts';
import { type Open, verdict } from './bench.ts';

export function upgradeClauses(open: Open): void {
  const state = (room: string, type: string) => path`/rooms/${room}/state/${type}`;

  it.each(['11', '12'])(
    'makes a room of version %s that names the old one, and shuts that',
    async (version) => {
      const { alice, bob, one } = open();
      const old = await createRoom(alice, {
        preset: 'public_chat',
        room_version: '11',
        name: 'Tea',
        power_level_content_override: { users: { [alice.userId]: 100, [bob.userId]: 50 } },
      });
      await join(one, old);
      const { body } = await alice.post(path`/rooms/${old}/upgrade`, { new_version: version });
      const room: string = body.replacement_room;
      const get = async (of: string, type: string) => (await alice.get(state(of, type))).body;
      expect(await get(old, 'm.room.tombstone')).toMatchObject({ replacement_room: room });
      expect(await get(room, 'm.room.create')).toMatchObject({
        room_version: version,
        predecessor: { room_id: old },
      });
      expect(await get(room, 'm.room.name')).toEqual({ name: 'Tea' });
      expect(await get(room, 'm.room.join_rules')).toMatchObject({ join_rule: 'public' });
      expect((await get(room, 'm.room.power_levels')).users).toEqual({
        ...(version === '11' && { [alice.userId]: 100 }),
        [bob.userId]: 50,
      });
      expect(await verdict(say(one, old, 'x'))).toBe('403 M_FORBIDDEN');
      expect(await verdict(say(alice, old, 'x'))).toBe('200');
      expect(await verdict(join(one, room))).toBe('200');
    },
  );

  it('is refused to who may not say that a room is replaced', async () => {
    const { bob, room } = open();
    const upgrade = (of: string, new_version: string) =>
      verdict(bob.post(path`/rooms/${of}/upgrade`, { new_version }));
    expect(await upgrade(room, '12')).toBe('403 M_FORBIDDEN');
    expect(await upgrade(room, 'none')).toBe('400 M_UNSUPPORTED_ROOM_VERSION');
  });

  it('lets only those into a room by invitation that are invited to it', async () => {
    const { alice, one } = open();
    const old = await createRoom(alice, { room_version: '11', invite: [one.userId] });
    await join(one, old);
    const { body } = await alice.post(path`/rooms/${old}/upgrade`, { new_version: '12' });
    expect(await verdict(join(one, body.replacement_room))).toBe('403 M_FORBIDDEN');
  });
}
