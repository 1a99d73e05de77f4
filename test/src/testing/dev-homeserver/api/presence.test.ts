import { describe, expect, it } from 'vitest';
import { path, person } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';

describe('presence', () => {
  it('is as it was set last, and only by oneself', async () => {
    const hs = await homeserver();
    const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
    const to = path`/presence/${alice.userId}/status`;
    expect((await alice.get(to)).body).toEqual({ presence: 'offline' });
    await alice.put(to, { presence: 'unavailable', status_msg: 'tea' });
    expect((await bob.get(to)).body).toMatchObject({ presence: 'unavailable', status_msg: 'tea' });
    expect((await alice.put(to, { presence: 'asleep' })).status).toBe(400);
    expect((await bob.put(to, { presence: 'online' })).status).toBe(403);
  });
});
