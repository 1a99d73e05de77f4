import { describe, expect, it } from 'vitest';
import { path, person, publicRoom, say } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';

const room = async () => {
  const hs = await homeserver();
  const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
  return { alice, bob, roomId: await publicRoom(alice) };
};

describe('typing and receipts', () => {
  it('are for members, of themselves', async () => {
    const { alice, bob, roomId } = await room();
    const type = async (who: typeof alice, userId: string) =>
      (await who.put(path`/rooms/${roomId}/typing/${userId}`, { typing: true })).status;
    expect(await type(alice, alice.userId)).toBe(200);
    expect(await type(alice, bob.userId)).toBe(400);
    expect(await type(bob, bob.userId)).toBe(403);
    const { event_id: eventId } = (await say(alice, roomId, 'x')).body;
    const read = async (who: typeof alice, kind: string) =>
      (await who.post(path`/rooms/${roomId}/receipt/${kind}/${eventId}`, {})).status;
    expect(await read(alice, 'm.read')).toBe(200);
    expect(await read(alice, 'm.seen')).toBe(400);
    expect(await read(bob, 'm.read')).toBe(403);
  });
});

describe('presence', () => {
  it('is as it was set last, and only by oneself', async () => {
    const { alice, bob } = await room();
    const to = path`/presence/${alice.userId}/status`;
    expect((await alice.get(to)).body).toEqual({ presence: 'offline' });
    await alice.put(to, { presence: 'unavailable', status_msg: 'tea' });
    expect((await bob.get(to)).body).toMatchObject({ presence: 'unavailable', status_msg: 'tea' });
    expect((await alice.put(to, { presence: 'asleep' })).status).toBe(400);
    expect((await bob.put(to, { presence: 'online' })).status).toBe(403);
  });
});
