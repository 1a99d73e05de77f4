import { expect, it } from 'vitest';
import {
  type Client,
  createRoom,
  join,
  path,
  publicRoom,
  say,
} from '../src/testing/dev-homeserver/support/api.ts';
import { actingAs } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, verdict } from './bench.ts';
import { texts } from './look.ts';

/** Asks again and again, each time for what is new. */
function reader(who: Client) {
  let since: string | undefined;
  return async (query: Record<string, string> = {}) => {
    const { body } = await who.get('/sync', { query: { ...query, ...(since && { since }) } });
    since = body.next_batch;
    return body;
  };
}
const types = (part: { events: readonly { type: string }[] }) =>
  part.events.map(({ type }) => type);
const bodies = (room: { timeline: { events: never[] } }) => texts(room.timeline.events);

export function syncClauses(open: Open): void {
  it('tells of an invitation once, then of the room, then of what is new', async () => {
    const { alice, person } = open();
    const somebody = await person();
    const read = reader(somebody);
    await read();
    const room = await createRoom(alice, { name: 'Tea', invite: [somebody.userId] });
    const invited = (await read()).rooms.invite[room].invite_state;
    expect(types(invited)).toEqual(
      expect.arrayContaining(['m.room.create', 'm.room.name', 'm.room.join_rules']),
    );
    expect(invited.events.at(-1)).toMatchObject({
      state_key: somebody.userId,
      content: { membership: 'invite' },
    });
    expect((await read()).rooms).toBeUndefined();
    await join(somebody, room);
    const { timeline, state } = (await read()).rooms.join[room];
    expect([...types(state), ...types(timeline)]).toContain('m.room.create');
    await say(alice, room, 'hello');
    const news = (await read()).rooms.join[room];
    expect([bodies(news), news.state.events, news.timeline.limited]).toEqual([
      ['hello'],
      [],
      false,
    ]);
    expect((await read()).rooms).toBeUndefined();
  });

  it('says so where it leaves something out, with the state that changed there', async () => {
    const { person } = open();
    const somebody = await person();
    const room = await createRoom(somebody);
    const read = reader(somebody);
    await read();
    await somebody.put(path`/rooms/${room}/state/m.room.name`, { name: 'new' });
    for (let line = 1; line <= 12; line += 1) await say(somebody, room, `${line}`);
    const { timeline, state } = (await read()).rooms.join[room];
    expect([timeline.limited, timeline.events.length]).toEqual([true, 10]);
    expect(types(state)).toEqual(['m.room.name']);
    const query = { dir: 'b', from: timeline.prev_batch, limit: '3' };
    const { body } = await somebody.get(path`/rooms/${room}/messages`, { query });
    expect(body.chunk.map((event: { content: object }) => event.content)).toEqual([
      { msgtype: 'm.text', body: '2' },
      { msgtype: 'm.text', body: '1' },
      { name: 'new' },
    ]);
  });

  it('waits for news', async () => {
    const { alice, person } = open();
    const somebody = await person();
    const room = await publicRoom(alice, somebody);
    const read = reader(somebody);
    await read();
    const waiting = read({ timeout: '30000' });
    await say(alice, room, 'wake up');
    expect(bodies((await waiting).rooms.join[room])).toEqual(['wake up']);
  });

  it('tells of who was made to leave, up to then', async () => {
    const { alice, person } = open();
    const somebody = await person();
    const room = await publicRoom(alice, somebody);
    const read = reader(somebody);
    await read();
    await say(alice, room, 'last');
    await alice.post(path`/rooms/${room}/ban`, { user_id: somebody.userId });
    await say(alice, room, 'unseen');
    const left = (await read()).rooms.leave[room];
    expect(bodies(left)).toEqual(['last']);
    expect(left.timeline.events.at(-1).content.membership).toBe('ban');
    expect((await read()).rooms).toBeUndefined();
  });

  it('shows one’s own message with the id that it was sent under', async () => {
    const { person } = open();
    const somebody = await person();
    const room = await createRoom(somebody);
    const read = reader(somebody);
    await read();
    await somebody.put(path`/rooms/${room}/send/x.y/mine`, { a: 1 });
    const { timeline } = (await read()).rooms.join[room];
    expect(timeline.events[0].unsigned.transaction_id).toBe('mine');
  });

  it('tells who types, and who has read what', async () => {
    const { alice, person } = open();
    const somebody = await person();
    const room = await publicRoom(alice, somebody);
    const { event_id: eventId } = (await say(alice, room, 'read me')).body;
    const read = reader(somebody);
    await read();
    await alice.put(path`/rooms/${room}/typing/${alice.userId}`, { typing: true, timeout: 9_000 });
    await alice.post(path`/rooms/${room}/receipt/m.read/${eventId}`, {});
    const { ephemeral } = (await read()).rooms.join[room];
    expect(ephemeral.events).toEqual(
      expect.arrayContaining([
        { type: 'm.typing', content: { user_ids: [alice.userId] } },
        {
          type: 'm.receipt',
          content: { [eventId]: { 'm.read': { [alice.userId]: { ts: expect.any(Number) } } } },
        },
      ]),
    );
  });

  it('refuses a token that is none', async () => {
    const { alice } = open();
    expect(await verdict(alice.get('/sync', { query: { since: 'junk' } }))).toBe('400 M_UNKNOWN');
  });

  it('is for the ghosts of an appservice, but not for its sender', async () => {
    const { alice, ghost, url } = open();
    const somebody = await ghost();
    const room = await publicRoom(alice, somebody);
    const { body } = await somebody.get('/sync');
    expect(Object.keys(body.rooms.join)).toEqual([room]);
    const sender = actingAs(url, '@sender-x:hs.test');
    expect(await verdict(sender.get('/sync'))).toBe('500 M_UNKNOWN');
  });
}
