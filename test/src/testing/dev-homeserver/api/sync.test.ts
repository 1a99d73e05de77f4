import { describe, expect, it } from 'vitest';
import {
  at,
  type Client,
  createRoom,
  invite,
  join,
  path,
  person,
  publicRoom,
  say,
} from '../support/api.ts';
import { homeserver, temporaryDir } from '../support/fixture.ts';
import { actingAs, registration } from '../support/stub-appservice.ts';

/** Somebody who syncs on from where they were. */
function reader(who: Client, filter: object = {}, from?: string) {
  let since = from;
  return async (query: Record<string, string> = {}) => {
    const { body } = await who.get('/sync', {
      query: { timeout: '0', filter: JSON.stringify(filter), ...(since && { since }), ...query },
    });
    since = body.next_batch;
    return body;
  };
}
const bodies = (room: { timeline: { events: { content: { body?: string } }[] } }) =>
  room.timeline.events.flatMap(({ content }) => content.body ?? []);
const types = (part: { events: { type: string }[] }) => part.events.map(({ type }) => type);

const pair = async () => {
  const hs = await homeserver({ registrations: [registration(null)] });
  return { hs, alice: await person(hs, 'alice'), bob: await person(hs, 'bob') };
};

describe('GET /sync', () => {
  it('waits for news, and for no longer than it is told', async () => {
    const { alice, bob } = await pair();
    const room = await publicRoom(alice, bob);
    const read = reader(bob);
    await read();
    const waiting = read({ timeout: '30000' });
    await say(alice, room, 'wake up');
    expect(bodies((await waiting).rooms.join[room])).toEqual(['wake up']);
    const startedMs = performance.now();
    expect((await read({ timeout: '120' })).rooms).toBeUndefined();
    expect(performance.now() - startedMs).toBeGreaterThan(100);
  });

  it('wakes somebody who is invited, and nobody who is not concerned', async () => {
    const { alice, bob } = await pair();
    const read = reader(bob);
    await read();
    const waiting = read({ timeout: '30000' });
    await say(alice, await createRoom(alice), 'not for bob');
    const room = await createRoom(alice, { invite: [bob.userId] });
    expect(Object.keys((await waiting).rooms.invite)).toEqual([room]);
  });

  it('shows the whole room again to whoever left and came back', async () => {
    const { alice, bob } = await pair();
    const room = await publicRoom(alice, bob);
    const read = reader(bob);
    await read();
    await bob.post(path`/rooms/${room}/leave`);
    await say(alice, room, 'meanwhile');
    await join(bob, room);
    const { timeline, state } = (await read()).rooms.join[room];
    expect(timeline.limited).toBe(true);
    expect([...types(state), ...types(timeline)]).toContain('m.room.create');
  });

  it('tells who types, until they stop', async () => {
    const { alice, bob } = await pair();
    const room = await publicRoom(alice, bob);
    const read = reader(bob);
    await read();
    const type = (content: object) =>
      alice.put(path`/rooms/${room}/typing/${alice.userId}`, content);
    await type({ typing: true, timeout: 30_000 });
    const typing = async (timeout: string) =>
      (await read({ timeout })).rooms?.join[room].ephemeral.events;
    expect(await typing('0')).toEqual([
      { type: 'm.typing', content: { user_ids: [alice.userId] } },
    ]);
    await type({ typing: false });
    expect(await typing('0')).toEqual([{ type: 'm.typing', content: { user_ids: [] } }]);
  });

  it('tells who has read what, and keeps a private receipt private', async () => {
    const { alice, bob } = await pair();
    const room = await publicRoom(alice, bob);
    const [first, second] = [
      (await say(alice, room, '1')).body.event_id,
      (await say(alice, room, '2')).body.event_id,
    ];
    const read = reader(alice);
    await read();
    const receipt = (type: string, eventId: string) =>
      bob.post(path`/rooms/${room}/receipt/${type}/${eventId}`, {});
    await receipt('m.read.private', second);
    expect((await read()).rooms).toBeUndefined();
    await receipt('m.read', second);
    await receipt('m.read', first);
    const { events } = (await read()).rooms.join[room].ephemeral;
    expect(events).toEqual([
      {
        type: 'm.receipt',
        content: { [second]: { 'm.read': { [bob.userId]: { ts: expect.any(Number) } } } },
      },
    ]);
  });

  it('tells of account data of the account and of rooms', async () => {
    const { alice } = await pair();
    const room = await createRoom(alice);
    const read = reader(alice);
    await read();
    await alice.put(path`/user/${alice.userId}/account_data/x.y`, { a: 1 });
    await alice.put(path`/user/${alice.userId}/rooms/${room}/account_data/x.z`, { b: 2 });
    await alice.post(path`/rooms/${room}/read_markers`, { 'm.fully_read': '$one' });
    const body = await read();
    expect(body.account_data.events).toEqual([{ type: 'x.y', content: { a: 1 } }]);
    expect(body.rooms.join[room].account_data.events).toEqual([
      { type: 'x.z', content: { b: 2 } },
      { type: 'm.fully_read', content: { event_id: '$one' } },
    ]);
  });

  it('keeps to a filter, given whole or by id', async () => {
    const { alice } = await pair();
    const room = await createRoom(alice);
    const other = await createRoom(alice);
    for (const line of ['1', '2', '3']) await say(alice, room, line);
    const filter = { room: { rooms: [room], timeline: { limit: 2, types: ['m.room.message'] } } };
    const whole = await reader(alice, filter)();
    expect(bodies(whole.rooms.join[room])).toEqual(['2', '3']);
    expect(whole.rooms.join[other]).toBeUndefined();
    const saved = await alice.post(path`/user/${alice.userId}/filter`, filter);
    const byId = await alice.get('/sync', { query: { filter: saved.body.filter_id } });
    expect(bodies(byId.body.rooms.join[room])).toEqual(['2', '3']);
    const got = await alice.get(path`/user/${alice.userId}/filter/${saved.body.filter_id}`);
    expect(got.body).toEqual(filter);
  });

  it('goes on from its token after a restart', async () => {
    const dir = temporaryDir();
    const hs = await homeserver({ dir });
    const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
    const room = await publicRoom(alice, bob);
    await alice.put(path`/rooms/${room}/typing/${alice.userId}`, { typing: true });
    const { next_batch: since } = await reader(bob)();
    await say(alice, room, 'before');
    await hs.close();

    const again = await homeserver({ dir });
    const read = reader(at(again, bob), {}, since);
    await at(again, alice).put(path`/rooms/${room}/typing/${alice.userId}`, { typing: true });
    const news = (await read()).rooms.join[room];
    expect([bodies(news), types(news.ephemeral)]).toEqual([['before'], ['m.typing']]);
  });

  it('fails for the sender of an appservice, and for a token that is none', async () => {
    const { hs, alice } = await pair();
    expect((await actingAs(hs.url).get('/sync')).status).toBe(500);
    const answer = await alice.get('/sync', { query: { since: 'junk' } });
    expect([answer.status, answer.body.errcode]).toEqual([400, 'M_UNKNOWN']);
    expect((await invite(alice, await createRoom(alice), '@x:hs.test')).status).toBe(200);
  });
});
