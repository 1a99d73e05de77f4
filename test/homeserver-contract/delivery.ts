import { expect, it } from 'vitest';
import { createRoom, path, publicRoom, say } from '../src/testing/dev-homeserver/support/api.ts';
import { actingAs } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, until } from './bench.ts';
import { pushed, texts } from './look.ts';
import { eventsIn, heardAll, holdBack, idsIn, quietRoom, sizes } from './quiet-room.ts';

export function deliveryClauses(open: Open): void {
  it('tells an appservice of the rooms that its users are in, with its token, its own words included', async () => {
    const { alice, room, slow, since } = await quietRoom(open);
    const { listener } = open();
    await say(alice, await createRoom(alice), 'unheard');
    const { event_id: id } = (await say(listener, room, 'my own')).body;
    const event = await pushed(slow, (one) => one.event_id === id);
    expect(event).toMatchObject({
      room_id: room,
      type: 'm.room.message',
      sender: listener.userId,
      user_id: listener.userId,
      origin_server_ts: expect.any(Number),
      unsigned: { age: expect.any(Number) },
    });
    // What is ephemeral may come in a transaction of its own.
    expect(idsIn(since())).toEqual([id]);
    expect(since()[0]).toMatchObject({ method: 'PUT', authorization: 'Bearer hs-token-slow' });
  });

  it('has one transaction under way, and puts what happens meanwhile into the next, up to 100', async () => {
    const { alice, room, slow, since, queued } = await quietRoom(open);
    const release = holdBack(slow);
    for (let line = 0; line <= 102; line += 1) await say(alice, room, `${line}`);
    await until(() => expect(since()).toHaveLength(1));
    await queued();
    release();
    await until(() => expect(texts(eventsIn(since()))).toHaveLength(103));
    expect(sizes(since())).toEqual([1, 100, 2]);
    expect(texts(eventsIn(since()))).toEqual(Array.from({ length: 103 }, (_, line) => `${line}`));
  });

  it('tells of the end of the last stay, and then of nothing more', async () => {
    const { alice, room: quiet, slow } = await quietRoom(open);
    const somebody = await open().ghost('slow');
    const room = await publicRoom(alice, somebody);
    await say(alice, room, 'together');
    await alice.post(path`/rooms/${room}/kick`, { user_id: somebody.userId });
    await say(alice, room, 'alone');
    await heardAll(alice, quiet, slow);
    const here = eventsIn(slow.transactions).filter((event) => event.room_id === room);
    expect(texts(here)).toEqual(['together']);
    expect(here.at(-1)).toMatchObject({
      state_key: somebody.userId,
      content: { membership: 'leave' },
    });
  });

  it('tells of rooms with an alias of its namespace', async () => {
    const { alice, url, slow, name } = open();
    const room = await createRoom(alice);
    await say(alice, room, 'before');
    const alias = path`/directory/room/${`#_slow_${name()}:hs.test`}`;
    await actingAs(url, undefined, 'slow').put(alias, { room_id: room });
    await heardAll(alice, room, slow);
    const here = eventsIn(slow.transactions).filter((event) => event.room_id === room);
    expect(texts(here)).toEqual(['the last word']);
  });
}
