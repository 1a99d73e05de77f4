import { describe, expect, it } from 'vitest';
import { Events } from '../../../bench/work/events.ts';

describe('Events', () => {
  it('gives each event an id of its own', () => {
    const events = new Events(3);

    const ids = Array.from({ length: 5_000 }, () => events.next().event_id);

    expect(new Set(ids).size).toBe(5_000);
  });

  it('goes round the rooms, in order in each', () => {
    const events = new Events(2);

    const said = Array.from({ length: 3 }, () => events.next()).map(
      ({ room_id: room, content }) => `${room} ${content.body.split(' ', 1)}`,
    );

    expect(said).toEqual(['!r0:hs.test c0#0', '!r1:hs.test c1#0', '!r0:hs.test c0#1']);
  });
});
