import { describe, expect, it } from 'vitest';
import { createRoom, person } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';

describe('POST /createRoom', () => {
  it('never gives two rooms the same id, even of one person at the same time', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    const rooms = await Promise.all(Array.from({ length: 20 }, () => createRoom(alice)));
    expect(new Set(rooms).size).toBe(20);
  });
});
