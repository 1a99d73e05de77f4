import { describe, expect, it } from 'vitest';
import { createRoom, path, person } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';

describe('account data', () => {
  it('is kept per type, per room, and for oneself', async () => {
    const hs = await homeserver();
    const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
    const room = await createRoom(alice);
    const own = path`/user/${alice.userId}/account_data/x.y`;
    const ofRoom = path`/user/${alice.userId}/rooms/${room}/account_data/x.y`;
    expect((await alice.get(own)).status).toBe(404);
    await alice.put(own, { a: 1 });
    await alice.put(ofRoom, { b: 2 });
    expect([(await alice.get(own)).body, (await alice.get(ofRoom)).body]).toEqual([
      { a: 1 },
      { b: 2 },
    ]);
    expect((await bob.get(own)).status).toBe(403);
    expect((await bob.put(own, {})).status).toBe(403);
    const reserved = path`/user/${alice.userId}/account_data/m.push_rules`;
    expect((await alice.put(reserved, {})).status).toBe(405);
  });

  it('holds the tags of rooms', async () => {
    const alice = await person(await homeserver(), 'alice');
    const room = await createRoom(alice);
    const tags = path`/user/${alice.userId}/rooms/${room}/tags`;
    await alice.put(`${tags}/m.favourite`, { order: 0.5 });
    await alice.put(`${tags}/u.work`, {});
    await alice.delete(`${tags}/u.work`);
    expect((await alice.get(tags)).body).toEqual({ tags: { 'm.favourite': { order: 0.5 } } });
  });
});
