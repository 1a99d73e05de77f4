import { describe, expect, it } from 'vitest';
import type { MatrixRoomId } from '../../../src/model/matrix-ids.ts';
import { roomOnScript } from './room-on-script.ts';

/** Rooms with a portal each, and lanes that do nothing but look. */
async function manyRooms(count: number) {
  const script = await roomOnScript();
  const rooms = Array.from({ length: count }, (_, n): MatrixRoomId => `!r${n}:hs.test`);
  for (const roomId of rooms) {
    script.lost(`first of ${roomId}`, { room_id: roomId });
    await script.link('town', roomId);
  }
  const woken: MatrixRoomId[] = [];
  const { catchUp, looks, stop } = script.catchUp((roomId) => {
    woken.push(roomId);
    void looks.before(roomId);
  });
  return { ...script, rooms, woken, catchUp, stop };
}

describe('CatchUp', () => {
  it('wakes every room after a start, those with traffic first, and each once', async () => {
    const { catchUp, rooms, woken, push, clock } = await manyRooms(4);
    await push('late', { room_id: rooms[1] });
    await push('later', { room_id: rooms[3] });
    await catchUp.watch();
    await clock.advance(10_000);
    expect(woken).toEqual([rooms[3], rooms[1], rooms[0], rooms[2]]);
    await catchUp.watch();
    await clock.advance(10_000);
    expect(woken).toHaveLength(4);
  });

  it('goes about it slowly, and not at all while the homeserver does not answer', async () => {
    const { catchUp, woken, clock, server } = await manyRooms(30);
    server.isThere = false;
    await catchUp.watch();
    await clock.advance(10_000);
    expect(woken).toEqual([]);
    server.isThere = true;
    await catchUp.watch();
    await clock.advance(1_000);
    expect(woken.length).toBeGreaterThan(5);
    expect(woken.length).toBeLessThanOrEqual(11);
    await clock.advance(2_000);
    expect(woken).toHaveLength(30);
  });

  it('asks no more of a homeserver that is slow to answer', async () => {
    const { catchUp, woken, clock, matrix } = await manyRooms(10);
    const { backwards } = matrix;
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    matrix.backwards = async function* (...read) {
      await answered;
      yield* backwards(...read);
    };
    await catchUp.watch();
    await clock.advance(60_000);
    expect(woken).toHaveLength(4);
    answer();
    await clock.advance(1_000);
    expect(woken).toHaveLength(10);
  });

  it('begins anew when the homeserver was away', async () => {
    const { catchUp, woken, clock, server } = await manyRooms(2);
    const watch = async () => {
      await catchUp.watch();
      await clock.advance(2_000);
      return woken.length;
    };
    expect(await watch()).toBe(2);
    expect(await watch()).toBe(2);
    server.outages++;
    expect(await watch()).toBe(4);
    expect(await watch()).toBe(4);
  });

  it('begins anew when a transaction was passed over, and seldom where that is usual', async () => {
    const { catchUp, woken, clock } = await manyRooms(1);
    const pass = async () => {
      catchUp.passedOver();
      await catchUp.watch();
      await clock.advance(200);
    };
    await catchUp.watch();
    await clock.advance(200);
    for (let times = 0; times < 100; times++) await pass();
    expect(woken).toHaveLength(31);
    await clock.advance(600_000);
    await catchUp.watch();
    await clock.advance(200);
    expect(woken).toHaveLength(32);
  });

  it('ends with the bridge', async () => {
    const { catchUp, woken, clock, stop } = await manyRooms(10);
    await catchUp.watch();
    await clock.advance(250);
    stop.abort();
    const count = woken.length;
    expect(count).toBeLessThan(10);
    await clock.advance(60_000);
    expect(woken).toHaveLength(count);
  });
});
