import { describe, expect, it } from 'vitest';
import { type Client, createRoom, join, path, person, publicRoom, say } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';

const bodies = (events: readonly { content: { body?: string } }[]) =>
  events.flatMap(({ content }) => content.body ?? []);
const read = async (who: Client, room: string, query: Record<string, string>) =>
  (await who.get(path`/rooms/${room}/messages`, { query })).body;

const talk = async (lines: number) => {
  const hs = await homeserver();
  const alice = await person(hs, 'alice');
  const room = await publicRoom(alice);
  for (let line = 1; line <= lines; line += 1) await say(alice, room, `${line}`);
  return { hs, alice, room };
};

describe('GET /messages', () => {
  it('pages backwards to the beginning, each event once', async () => {
    const { hs, alice, room } = await talk(12);
    const found: string[] = [];
    let from: string | undefined;
    do {
      const page = await read(alice, room, { dir: 'b', limit: '5', ...(from && { from }) });
      found.push(...page.chunk.map((event: { event_id: string }) => event.event_id));
      from = page.end;
    } while (from !== undefined);
    expect(found.reverse()).toEqual(hs.timeline(room).map(({ event_id }) => event_id));
  });

  it('pages forwards and goes on from the end when there is more', async () => {
    const { alice, room } = await talk(3);
    const first = await read(alice, room, { dir: 'f', limit: '100' });
    expect(bodies(first.chunk)).toEqual(['1', '2', '3']);
    const none = await read(alice, room, { dir: 'f', from: first.end });
    expect([none.chunk, none.end]).toEqual([[], undefined]);
    await say(alice, room, '4');
    expect(bodies((await read(alice, room, { dir: 'f', from: first.end })).chunk)).toEqual(['4']);
  });

  it('stops at `to`, and keeps to a filter', async () => {
    const { alice, room } = await talk(6);
    const newest = await read(alice, room, { dir: 'b', limit: '2' });
    const older = await read(alice, room, { dir: 'b', limit: '3', from: newest.end });
    expect(bodies(older.chunk)).toEqual(['4', '3', '2']);
    const gap = await read(alice, room, { dir: 'b', limit: '50', to: older.end });
    expect(bodies(gap.chunk)).toEqual(['6', '5', '4', '3', '2']);
    const filter = JSON.stringify({ types: ['m.room.mem*'], not_senders: ['@bob:hs.test'] });
    const filtered = await read(alice, room, { dir: 'b', filter });
    expect(filtered.chunk.map((event: { type: string }) => event.type)).toEqual(['m.room.member']);
  });

  it.each([
    [{ dir: 'sideways' }, 'M_INVALID_PARAM'],
    [{ dir: 'b', from: 'junk' }, 'M_UNKNOWN'],
    [{ dir: 'b', limit: '-1' }, 'M_INVALID_PARAM'],
    [{ dir: 'b', limit: 'x' }, 'M_INVALID_PARAM'],
    [{ dir: 'b', filter: 'junk' }, 'M_NOT_JSON'],
  ])('refuses %j', async (query, errcode) => {
    const { alice, room } = await talk(0);
    expect((await read(alice, room, query)).errcode).toBe(errcode);
  });

  it.each([
    ['shared', ['before', 'invited', 'in']],
    ['invited', ['invited', 'in']],
    ['joined', ['in']],
  ])('shows a newcomer what is %s', async (visibility, expected) => {
    const hs = await homeserver();
    const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
    const content = { history_visibility: visibility };
    const room = await createRoom(alice, {
      initial_state: [{ type: 'm.room.history_visibility', content }],
    });
    await say(alice, room, 'before');
    await alice.post(path`/rooms/${room}/invite`, { user_id: bob.userId });
    await say(alice, room, 'invited');
    await join(bob, room);
    const { body } = await say(alice, room, 'in');
    const page = await read(bob, room, { dir: 'f', limit: '50' });
    expect(bodies(page.chunk)).toEqual(expected);
    expect((await bob.get(path`/rooms/${room}/event/${body.event_id}`)).status).toBe(200);
    const hidden = hs.timeline(room).find((event) => event.content['body'] === 'before');
    const ask = await bob.get(path`/rooms/${room}/event/${hidden?.event_id ?? ''}`);
    expect(ask.status).toBe(visibility === 'shared' ? 200 : 404);
  });
});

describe('GET /context', () => {
  it('gives what stands around an event, and where to go on', async () => {
    const { hs, alice, room } = await talk(9);
    const middle = hs.timeline(room).find((event) => event.content['body'] === '5');
    const to = path`/rooms/${room}/context/${middle?.event_id ?? ''}`;
    const { body } = await alice.get(to, { query: { limit: '4' } });
    expect(body.event.content.body).toBe('5');
    expect(bodies(body.events_before)).toEqual(['4', '3']);
    expect(bodies(body.events_after)).toEqual(['6', '7']);
    const before = await read(alice, room, { dir: 'b', from: body.start, limit: '2' });
    expect(bodies(before.chunk)).toEqual(['2', '1']);
    const after = await read(alice, room, { dir: 'f', from: body.end });
    expect(bodies(after.chunk)).toEqual(['8', '9']);
    expect((await alice.get(path`/rooms/${room}/context/${'$none'}`)).status).toBe(404);
  });
});
