import { describe, expect, it } from 'vitest';
import { away, bot, carol, refused, room, roomOnScript } from './room-on-script.ts';

/** A room that is linked, and of which everything has come so far. */
async function linkedRoom() {
  const script = await roomOnScript();
  await script.worked('before the link');
  const portal = await script.link();
  return { ...script, portal };
}

describe('catchUpRoom', () => {
  it('finds what was lost last', async () => {
    const { worked, lost, look, lane } = await linkedRoom();
    await worked('a');
    lost('b');
    lost('c');
    await look();
    expect(await lane()).toEqual(['b', 'c']);
  });

  it('puts what was lost before what waits and is newer', async () => {
    const { waits, lost, look, lane } = await linkedRoom();
    await waits('a');
    lost('b');
    await waits('c');
    lost('d');
    await waits('e');
    await look();
    expect(await lane()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('finds what was lost before newer ones were worked, and says that it is late', async () => {
    const { worked, lost, look, lane } = await linkedRoom();
    lost('a');
    await worked('b');
    lost('c');
    await worked('d');
    lost('e');
    await look();
    expect(await lane()).toEqual(['a late', 'c late', 'e']);
  });

  it('finds a lost one once', async () => {
    const { lost, worked, look, lane } = await linkedRoom();
    lost('a');
    await worked('b');
    await look();
    await look();
    expect(await lane()).toEqual(['a late']);
  });

  it('reads one event where nothing has happened, and writes nothing', async () => {
    const { look, reads, storage } = await linkedRoom();
    await look();
    storage.journal.commit = async () => {
      throw new Error('written');
    };
    await look();
    expect(reads.map(({ count }) => count)).toEqual([1, 1]);
  });

  it('finds what the homeserver has put before what is accounted for, and has come after it', async () => {
    const { worked, waits, lostBehind, look, lane, reads } = await linkedRoom();
    await worked('a');
    await worked('b');
    await look();
    await lostBehind(1, 'c');
    await waits('d');
    await look();
    expect(await lane()).toEqual(['c', 'd']);
    await look();
    expect(await lane()).toEqual(['c', 'd']);
    expect(reads.map(({ count }) => count)).toEqual([3, 5, 5]);
  });

  it('goes by no clock to tell what has come between from what was said before the link', async () => {
    const { lost, lostBehind, link, clock, look, lane } = await roomOnScript();
    await clock.advance(60_000);
    lost('before the link');
    lost('newest then');
    await link();
    await look();
    await lostBehind(1, 'by a slow clock', { origin_server_ts: 1 });
    await lostBehind(3, 'older than all', { origin_server_ts: clock.now() });
    await look();
    expect(await lane()).toEqual(['by a slow clock']);
  });

  it('looks not further than fifty events behind what is accounted for', async () => {
    const { worked, lostBehind, look, lane, reads } = await linkedRoom();
    for (let n = 0; n < 60; n++) await worked(`m${n}`);
    await look();
    await lostBehind(55, 'too far');
    await lostBehind(45, 'near');
    await look();
    expect(await lane()).toEqual(['near']);
    expect(reads.at(-1)?.count).toBe(51);
  });

  it('gives what was put before what is accounted for to no portal that was linked later', async () => {
    const { worked, lostBehind, link, look, rows, portal, clock } = await linkedRoom();
    await worked('a');
    await look();
    await lostBehind(1, 'b');
    await clock.advance(1);
    await worked('c');
    await link('village');
    await look();
    expect(await rows()).toMatchObject([{ id: '$b', lastPortal: portal.id }]);
  });

  it('does not miss what was said before the link', async () => {
    const { lost, link, look, lane } = await roomOnScript();
    lost('long ago');
    lost('just before');
    await link();
    lost('after');
    await look();
    expect(await lane()).toEqual(['after']);
  });

  it('keeps from a portal what was said before its link', async () => {
    const { lost, link, look, rows, portal } = await linkedRoom();
    lost('a');
    const second = await link('village');
    lost('b');
    await look();
    expect(await rows()).toMatchObject([
      { id: '$a', lastPortal: portal.id },
      { id: '$b', lastPortal: second.id },
    ]);
  });

  it('counts nothing as passing that is not bridged: state, and what one of ours says', async () => {
    const { worked, lost, look, lane } = await linkedRoom();
    lost('a');
    await worked('pins', { type: 'm.room.pinned_events', state_key: '' });
    await worked('from carol', { sender: carol });
    await look();
    expect(await lane()).toEqual(['a']);
  });

  it('counts what one of ours says where it is carried on to another portal', async () => {
    const { worked, lost, link, look, lane } = await linkedRoom();
    await link('village');
    lost('a');
    await worked('from carol', { sender: carol });
    await look();
    expect(await lane()).toEqual(['a late']);
  });

  it('journals the event as it would have been pushed', async () => {
    const { lost, look, rows } = await linkedRoom();
    const redacted = { content: {}, unsigned: { redacted_because: { event_id: '$r' } } };
    lost('a', redacted);
    await look();
    const [row] = await rows();
    expect(JSON.parse(row?.json ?? '')).toMatchObject({
      event_id: '$a',
      room_id: room,
      ...redacted,
    });
  });

  it.each([
    ['the oldest', ['a'], ['a', 'b', 'c']],
    ['the newest', ['c'], ['a', 'b', 'c']],
    ['all of it and more', ['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd']],
    ['what is newer', ['d'], ['a', 'b', 'c', 'd']],
  ])('keeps the order when meanwhile %s is pushed', async (_what, pushed, expected) => {
    for (const at of [0, 1, 2, 3]) {
      const { lost, push, meanwhile, look, lane } = await linkedRoom();
      for (const name of ['a', 'b', 'c']) lost(name);
      meanwhile(at, () => Promise.all(pushed.map((name) => push(name))));
      await look();
      expect(await lane()).toEqual(expected);
    }
  });

  it('knows where it was when the homeserver has forgotten that event', async () => {
    const { worked, lost, look, lane, reads } = await linkedRoom();
    await worked('kept');
    lost('forgotten');
    await look();
    expect(await lane()).toEqual(['forgotten']);
    const other = await roomOnScript();
    await other.worked('old');
    await other.push('gone');
    await other.storage.portals.link(
      { network: 'net', chat: 'c' as never, roomId: room, ownsRoom: false, origin: 'command' },
      { upTo: '$gone', place: (await other.storage.journal.accounted(room)).place },
    );
    other.lost('new');
    await other.look();
    expect(await other.lane()).toEqual(['gone', 'new']);
    expect(other.said).toEqual([]);
    expect(reads).toHaveLength(1);
  });

  it('begins anew after it broke off, and has written nothing till then', async () => {
    const { lost, look, lane, server, storage } = await linkedRoom();
    for (const name of ['a', 'b', 'c']) lost(name);
    const before = await storage.journal.accounted(room);
    server.fails = { at: 2, error: away() };
    await expect(look()).rejects.toThrow('not there');
    expect(await lane()).toEqual([]);
    expect(await storage.journal.accounted(room)).toEqual(before);
    server.fails = undefined;
    await look();
    expect(await lane()).toEqual(['a', 'b', 'c']);
  });

  it('does not read an encrypted room, nor one that is not linked', async () => {
    const { lost, look, reads, storage } = await linkedRoom();
    lost('a');
    await storage.portals.markEncrypted(room);
    await look();
    expect(reads).toEqual([]);
  });

  it('looks as a ghost where the bot is not in the room', async () => {
    const { lost, look, lane, server, joined, reads } = await linkedRoom();
    await joined();
    lost('a');
    server.fails = { at: 0, as: bot, error: refused() };
    await look();
    expect(await lane()).toEqual(['a']);
    expect(reads.map(({ as }) => as)).toEqual([bot, carol]);
  });

  it('says in the log where none of ours is in the room', async () => {
    const { lost, look, lane, server, logged } = await linkedRoom();
    lost('a');
    server.fails = { at: 0, error: refused() };
    await look();
    expect(await lane()).toEqual([]);
    expect(logged.join()).toContain('Nobody of the bridge is in a room of a portal');
  });

  it('does nothing where too much is missing: the homeserver may be about to push it', async () => {
    const { lost, push, look, lane, said, storage } = await linkedRoom();
    const before = await storage.journal.accounted(room);
    for (let n = 0; n <= 5_000; n++) lost(`n${n}`);
    expect(await look()).toBe('too-much');
    expect(await lane()).toEqual([]);
    expect(said).toEqual([]);
    expect(await storage.journal.accounted(room)).toEqual(before);
    // It has: the oldest first.
    for (let n = 0; n < 2; n++) await push(`n${n}`);
    expect(await look()).toBe('done');
    const waiting = await lane();
    expect([waiting.length, waiting[0], waiting[2]]).toEqual([5_001, 'n0', 'n2']);
    expect(said).toEqual([]);
  });

  it('counts by size as well what is too much', async () => {
    const { lost, look } = await linkedRoom();
    const body = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 33; n++) lost(`n${n}`, { content: { msgtype: 'm.text', body } });
    expect(await look()).toBe('too-much');
  });

  it('tells the room of a hole when it is told to give up, once, and bridges the newest', async () => {
    const { lost, look, lane, said, clock, storage } = await linkedRoom();
    await clock.advance(3_600_000);
    for (let n = 0; n <= 5_000; n++) lost(`n${n}`);
    const givesUp = true;
    const { commit } = storage.journal;
    // Killed between the notice and the commit.
    storage.journal.commit = async () => {
      throw new Error('killed');
    };
    await expect(look({ givesUp })).rejects.toThrow('killed');
    storage.journal.commit = commit;
    expect(await look({ givesUp })).toBe('done');
    const text =
      'Some of what was said here between 1970-01-01T00:16:40Z and 1970-01-01T01:16:40Z may not have been bridged.';
    expect(said).toMatchObject([{ as: bot, content: { kind: 'notice', text } }]);
    const waiting = await lane();
    expect(waiting).toHaveLength(5_000);
    // The notice is the newest.
    expect([waiting[0], waiting.at(-1)]).toEqual(['n2', 'notice1']);
    lost('after');
    await look();
    expect((await lane()).at(-1)).toBe('after');
    expect(said).toHaveLength(1);
  });

  it('bridges nonetheless where the room cannot be told of a hole', async () => {
    const { lost, look, lane, matrix, logged } = await linkedRoom();
    for (let n = 0; n <= 5_000; n++) lost(`n${n}`);
    matrix.send = async () => {
      throw refused();
    };
    await look({ givesUp: true });
    expect(await lane()).toHaveLength(5_000);
    expect(logged.join()).toContain('could not be told of a hole');
  });

  it('ends at once when the bridge stops', async () => {
    const { lost, look, lane, reads } = await linkedRoom();
    for (let n = 0; n < 50; n++) lost(`n${n}`);
    const stopping = new AbortController();
    const looking = look({ signal: stopping.signal });
    stopping.abort(new Error('stopping'));
    await expect(looking).rejects.toThrow('stopping');
    expect(reads[0]?.count).toBeLessThan(3);
    expect(await lane()).toEqual([]);
  });
});
