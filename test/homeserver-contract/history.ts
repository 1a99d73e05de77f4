import { expect, it } from 'vitest';
import {
  type Client,
  createRoom,
  join,
  path,
  publicRoom,
  say,
} from '../src/testing/dev-homeserver/support/api.ts';
import { type Open, verdict } from './bench.ts';
import { texts, timeline } from './look.ts';

const read = async (who: Client, room: string, query: Record<string, string>) =>
  (await who.get(path`/rooms/${room}/messages`, { query })).body;

/** A room in which the numbers from 1 on were said. */
async function talk(open: Open, lines: number): Promise<{ alice: Client; room: string }> {
  const { alice } = open();
  const room = await publicRoom(alice);
  for (let line = 1; line <= lines; line += 1) await say(alice, room, `${line}`);
  return { alice, room };
}

export function messagesClauses(open: Open): void {
  it('gives pages, newest first, each event once, down to the first, and then no end', async () => {
    const { alice, room } = await talk(open, 7);
    const pages: string[][] = [];
    let from: string | undefined;
    do {
      const page = await read(alice, room, { dir: 'b', limit: '5', ...(from && { from }) });
      pages.push(page.chunk.map((event: { event_id: string }) => event.event_id));
      from = page.end;
    } while (from !== undefined);
    const all = (await timeline(alice, room)).map(({ event_id: id }) => id);
    expect(pages.flat()).toEqual(all.reverse());
    expect(pages.at(-1)).toEqual([]);
  });

  it('starts where it is told, ends where it is told, and keeps to a filter', async () => {
    const { alice, room } = await talk(open, 6);
    const newest = await read(alice, room, { dir: 'b', limit: '2' });
    expect(texts(newest.chunk)).toEqual(['6', '5']);
    const older = await read(alice, room, { dir: 'b', limit: '3', from: newest.end });
    expect(texts(older.chunk)).toEqual(['4', '3', '2']);
    const gap = await read(alice, room, { dir: 'b', limit: '50', to: older.end });
    expect(texts(gap.chunk)).toEqual(['6', '5', '4', '3', '2']);
    const filter = JSON.stringify({ types: ['m.room.mem*'], not_senders: ['@bob:hs.test'] });
    const filtered = await read(alice, room, { dir: 'b', filter });
    expect(filtered.chunk.map((event: { type: string }) => event.type)).toEqual(['m.room.member']);
  });

  it('goes forwards too, from the first event or from an end', async () => {
    const { alice, room } = await talk(open, 4);
    const all = await read(alice, room, { dir: 'f', limit: '50' });
    expect(texts(all.chunk)).toEqual(['1', '2', '3', '4']);
    const newest = await read(alice, room, { dir: 'b', limit: '2' });
    const again = await read(alice, room, { dir: 'f', from: newest.end });
    expect(texts(again.chunk)).toEqual(['3', '4']);
    const none = await read(alice, room, { dir: 'f', from: again.end });
    expect([none.chunk, none.end]).toEqual([[], undefined]);
    await say(alice, room, '5');
    expect(texts((await read(alice, room, { dir: 'f', from: again.end })).chunk)).toEqual(['5']);
  });

  it('shows what came meanwhile to whoever asks again from the newest', async () => {
    const { alice, room } = await talk(open, 2);
    const { start } = await read(alice, room, { dir: 'b', limit: '1' });
    await say(alice, room, '3');
    expect(texts((await read(alice, room, { dir: 'b', to: start })).chunk)).toEqual(['3']);
  });

  it('is refused to whoever was never there, and shows until then to whoever left', async () => {
    const { bob } = open();
    const { alice, room } = await talk(open, 1);
    expect(await verdict(bob.get(path`/rooms/${room}/messages`, { query: { dir: 'b' } }))).toBe(
      '403 M_FORBIDDEN',
    );
    await join(bob, room);
    await bob.post(path`/rooms/${room}/leave`);
    await say(alice, room, 'later');
    expect(texts((await read(bob, room, { dir: 'b' })).chunk)).toEqual(['1']);
  });

  it.each([
    [{ dir: 'sideways' }, 'M_INVALID_PARAM'],
    [{ dir: 'b', from: 'junk' }, 'M_UNKNOWN'],
    [{ dir: 'b', limit: '-1' }, 'M_INVALID_PARAM'],
    [{ dir: 'b', limit: 'x' }, 'M_INVALID_PARAM'],
    [{ dir: 'b', filter: 'junk' }, 'M_NOT_JSON'],
  ])('refuses %j', async (query, errcode) => {
    const { alice, room } = open();
    expect((await read(alice, room, query)).errcode).toBe(errcode);
  });

  it.each([
    ['shared', ['before', 'invited', 'in']],
    ['invited', ['invited', 'in']],
    ['joined', ['in']],
  ])('shows a newcomer what is %s', async (visibility, expected) => {
    const { alice, bob } = open();
    const content = { history_visibility: visibility };
    const room = await createRoom(alice, {
      initial_state: [{ type: 'm.room.history_visibility', content }],
    });
    await say(alice, room, 'before');
    await alice.post(path`/rooms/${room}/invite`, { user_id: bob.userId });
    await say(alice, room, 'invited');
    await join(bob, room);
    await say(alice, room, 'in');
    expect(texts((await read(bob, room, { dir: 'f', limit: '50' })).chunk)).toEqual(expected);
    const before = (await timeline(alice, room)).find(({ content: { body } }) => body === 'before');
    const ask = bob.get(path`/rooms/${room}/event/${before.event_id}`);
    expect(await verdict(ask)).toBe(visibility === 'shared' ? '200' : '404 M_NOT_FOUND');
  });
}

export function eventClauses(open: Open): void {
  it('shows one event to members, and hides it from all others as if there were none', async () => {
    const { alice, bob } = open();
    const room = await createRoom(alice);
    const { event_id: eventId } = (await say(alice, room, 'here')).body;
    const ask = (who: Client, of: string, id: string) => who.get(path`/rooms/${of}/event/${id}`);
    expect((await ask(alice, room, eventId)).body).toMatchObject({
      event_id: eventId,
      room_id: room,
      sender: alice.userId,
      type: 'm.room.message',
      content: { msgtype: 'm.text', body: 'here' },
      unsigned: { age: expect.any(Number) },
    });
    expect(await verdict(ask(alice, room, '$none'))).toBe('404 M_NOT_FOUND');
    expect(await verdict(ask(bob, room, eventId))).toBe('404 M_NOT_FOUND');
    expect(await verdict(ask(alice, '!none:hs.test', eventId))).toBe('404 M_NOT_FOUND');
    expect(await verdict(ask(alice, await createRoom(alice), eventId))).toBe('404 M_NOT_FOUND');
  });
}

export function contextClauses(open: Open): void {
  it('gives what stands around an event, and where to go on', async () => {
    const { alice, room } = await talk(open, 9);
    const middle = (await timeline(alice, room)).find((event) => event.content.body === '5');
    const to = path`/rooms/${room}/context/${middle.event_id}`;
    const { body } = await alice.get(to, { query: { limit: '4' } });
    expect(body.event.content.body).toBe('5');
    expect(texts(body.events_before)).toEqual(['4', '3']);
    expect(texts(body.events_after)).toEqual(['6', '7']);
    const before = await read(alice, room, { dir: 'b', from: body.start, limit: '2' });
    expect(texts(before.chunk)).toEqual(['2', '1']);
    const after = await read(alice, room, { dir: 'f', from: body.end });
    expect(texts(after.chunk)).toEqual(['8', '9']);
    expect(await verdict(alice.get(path`/rooms/${room}/context/${'$none'}`))).toBe(
      '404 M_NOT_FOUND',
    );
  });

  it('gives the state as it was then', async () => {
    const { alice, bob } = open();
    const room = await publicRoom(alice, bob);
    const { event_id: eventId } = (await say(alice, room, 'here')).body;
    await bob.post(path`/rooms/${room}/leave`);
    await alice.put(path`/rooms/${room}/state/m.room.name`, { name: 'later' });
    const query = { limit: '0' };
    const { body } = await alice.get(path`/rooms/${room}/context/${eventId}`, { query });
    const state: { type: string; state_key: string; content: object }[] = body.state;
    expect(state.map(({ type }) => type)).not.toContain('m.room.name');
    expect(state.find(({ state_key: key }) => key === bob.userId)?.content).toMatchObject({
      membership: 'join',
    });
  });
}
