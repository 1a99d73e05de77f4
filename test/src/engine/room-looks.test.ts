import { describe, expect, it } from 'vitest';
import { away, refused, room, roomOnScript } from './room-on-script.ts';

async function linkedRoom() {
  const script = await roomOnScript();
  await script.worked('before the link');
  await script.link();
  return script;
}

describe('RoomLooks', () => {
  it('looks a room through before its lane goes on, once', async () => {
    const { catchUp: make, lost, lane, reads } = await linkedRoom();
    const { looks } = make();
    lost('a');
    expect(await looks.before(room)).toBeUndefined();
    expect(await lane()).toEqual(['a']);
    lost('b');
    expect(await looks.before(room)).toBeUndefined();
    expect(reads).toHaveLength(1);
  });

  it('looks again once the homeserver was away, before what it then pushes is worked', async () => {
    const { catchUp: make, lost, lane, waits, server } = await linkedRoom();
    const { catchUp, looks } = make();
    await looks.before(room);
    lost('a');
    server.outages++;
    await waits('b');
    catchUp.notice();
    await looks.before(room);
    expect(await lane()).toEqual(['a', 'b']);
  });

  it('does not take a look that had begun before for one that was made after', async () => {
    const { catchUp: make, lost, lane, server, meanwhile } = await linkedRoom();
    const { catchUp, looks } = make();
    meanwhile(0, async () => {
      lost('a');
      server.outages++;
      catchUp.notice();
    });
    lost('first');
    await looks.before(room);
    await looks.before(room);
    expect(await lane()).toEqual(['first', 'a']);
  });

  it('holds a lane while the room cannot be looked through, but not for ever', async () => {
    const { catchUp: make, lost, lane, server, clock, reads } = await linkedRoom();
    const { looks } = make();
    lost('a');
    server.fails = { at: 0, error: away() };
    const startMs = clock.now();
    let held = await looks.before(room);
    while (held?.holds) {
      expect(held.waitMs).toBeGreaterThan(0);
      await clock.advance(Math.ceil(held.waitMs));
      held = await looks.before(room);
    }
    expect(clock.now() - startMs).toBe(60_000);
    // It is tried again nonetheless.
    expect(held?.waitMs).toBeGreaterThan(0);
    const tried = reads.length;
    expect(await looks.before(room)).toEqual(held);
    expect(reads).toHaveLength(tried);
    await clock.advance(Math.ceil(held?.waitMs ?? 0));
    server.fails = undefined;
    expect(await looks.before(room)).toBeUndefined();
    expect(await lane()).toEqual(['a']);
  });

  it('holds nothing where none of ours may look, until there is another reason to', async () => {
    const { catchUp: make, lost, lane, server, joined, logged } = await linkedRoom();
    const { catchUp, looks } = make();
    await joined();
    lost('a');
    server.fails = { at: 0, error: refused() };
    expect(await looks.before(room)).toBeUndefined();
    expect(await looks.before(room)).toBeUndefined();
    expect(logged).toHaveLength(1);
    server.fails = undefined;
    catchUp.begin();
    await looks.before(room);
    expect(await lane()).toEqual(['a']);
  });

  it('leaves it to the homeserver for half an hour when very much is missing', async () => {
    const { catchUp: make, lost, lane, clock, said } = await linkedRoom();
    const { catchUp, looks } = make();
    for (let n = 0; n <= 5_000; n++) lost(`n${n}`);
    for (const waitMs of [0, 1_000, 28 * 60_000]) {
      await clock.advance(waitMs);
      catchUp.begin();
      expect(await looks.before(room)).toBeUndefined();
      expect(await lane()).toEqual([]);
    }
    await clock.advance(2 * 60_000);
    catchUp.begin();
    await looks.before(room);
    expect(await lane()).toHaveLength(5_000);
    expect(said).toHaveLength(1);
  });

  it('lets no lane go on when the storage is broken', async () => {
    const { catchUp: make, storage } = await linkedRoom();
    const { looks } = make();
    storage.journal.accounted = async () => {
      throw new Error('disk full');
    };
    await expect(looks.before(room)).rejects.toThrow('disk full');
  });

  it('holds whatever it is at when the bridge stops', async () => {
    const { catchUp: make, lost } = await linkedRoom();
    const { looks, stop } = make();
    lost('a');
    const held = looks.before(room);
    stop.abort();
    expect(await held).toMatchObject({ holds: true });
  });
});
