import { describe, expect, it, vi } from 'vitest';
import { at, createRoom, join, path, person, publicRoom, say } from '../support/api.ts';
import { homeserver, stubAppservice, temporaryDir } from '../support/fixture.ts';
import { actingAs, ghost, registration } from '../support/stub-appservice.ts';

const bridged = async (options: { dir?: string } = {}) => {
  const stub = await stubAppservice();
  const hs = await homeserver({ registrations: [registration(stub.url)], ...options });
  return { stub, hs };
};

describe('Courier', () => {
  it('brings events of rooms that a user of the appservice is in, with its token', async () => {
    const { stub, hs } = await bridged();
    const alice = await person(hs, 'alice');
    const bob = await ghost(hs.url, '_x_bob');
    const room = await publicRoom(alice, bob);
    const elsewhere = await createRoom(alice);
    await say(alice, elsewhere, 'unheard');
    const { body } = await say(alice, room, 'hello');

    await vi.waitFor(() => expect(stub.heard).toEqual(['hello']));
    const events = stub.transactions.flatMap((one) => one.body.events);
    expect(new Set(events.map((event) => event.room_id))).toEqual(new Set([room]));
    expect(events.at(-1)).toMatchObject({
      event_id: body.event_id,
      sender: '@alice:hs.test',
      user_id: '@alice:hs.test',
      unsigned: { age: expect.any(Number) },
    });
    expect(new Set(stub.pushed.map((one) => one.authorization))).toEqual(
      new Set(['Bearer hs-token-x']),
    );
  });

  it('asks for a user of the namespace that nobody registered, before it tells of it', async () => {
    const { stub, hs } = await bridged();
    const alice = await person(hs, 'alice');
    await createRoom(alice, { invite: ['@_x_new:hs.test'], is_direct: true });

    await vi.waitFor(() => expect(stub.transactions).toHaveLength(1));
    expect(stub.pushed[0]).toMatchObject({
      method: 'GET',
      path: '/_matrix/app/v1/users/%40_x_new%3Ahs.test',
    });
    expect(stub.pushed[1]?.body.events[0]).toMatchObject({
      type: 'm.room.member',
      state_key: '@_x_new:hs.test',
      content: { membership: 'invite', is_direct: true },
      unsigned: {
        invite_room_state: expect.arrayContaining([
          expect.objectContaining({ type: 'm.room.create' }),
        ]),
      },
    });
  });

  it('sends a transaction again under its id, in order, until it is acknowledged', async () => {
    const { stub, hs } = await bridged();
    const alice = await person(hs, 'alice');
    const bob = await ghost(hs.url, '_x_bob');
    const room = await publicRoom(alice, bob);
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    stub.answer = async () => [500, '{}'];
    const before = stub.transactions.length;
    for (const text of ['one', 'two', 'three']) await say(alice, room, text);
    await vi.waitFor(() => expect(stub.transactions.length).toBeGreaterThan(before + 2));
    const [first, second] = stub.transactions.slice(before);
    expect(second?.path).toBe(first?.path);
    expect(second?.body.events.map((event: { event_id: string }) => event.event_id)).toEqual(
      first?.body.events.map((event: { event_id: string }) => event.event_id),
    );

    stub.answer = async () => [200, '{}'];
    await vi.waitFor(() => expect(stub.heard).toEqual(['one', 'two', 'three']));
    expect(hs.backlog('x')).toBe(0);
  });

  it('counts an answer without JSON as a failure', async () => {
    const { stub, hs } = await bridged();
    const alice = await person(hs, 'alice');
    const bob = await ghost(hs.url, '_x_bob');
    stub.answer = async () => [200, ''];
    await join(bob, await publicRoom(alice));
    await vi.waitFor(() => expect(stub.transactions.length).toBeGreaterThan(1));
    expect(stub.transactions[1]?.path).toBe(stub.transactions[0]?.path);
  });

  it('sends what was not acknowledged after a restart', async () => {
    const dir = temporaryDir();
    const { stub, hs } = await bridged({ dir });
    const alice = await person(hs, 'alice');
    const room = await publicRoom(alice, await ghost(hs.url, '_x_bob'));
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    stub.answer = async () => [503, '{}'];
    await say(alice, room, 'one');
    await say(alice, room, 'two');
    await vi.waitFor(() => expect(stub.transactions.length).toBeGreaterThan(3));
    await hs.close();
    expect(stub.heard).toEqual([]);

    stub.answer = async () => [200, '{}'];
    const again = await homeserver({ registrations: [registration(stub.url)], dir });
    await vi.waitFor(() => expect(stub.heard).toEqual(['one', 'two']));
    await vi.waitFor(() => expect(again.backlog('x')).toBe(0));
  });

  it('pushes typing and receipts under both keys, and never twice', async () => {
    const { stub, hs } = await bridged();
    const alice = await person(hs, 'alice');
    const room = await publicRoom(alice, await ghost(hs.url, '_x_bob'));
    const { body } = await say(alice, room, 'read me');
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    await alice.put(path`/rooms/${room}/typing/${alice.userId}`, { typing: true, timeout: 30_000 });
    await alice.post(path`/rooms/${room}/receipt/m.read/${body.event_id}`);
    const edus = () => stub.transactions.flatMap((one) => one.body.ephemeral ?? []);
    await vi.waitFor(() => expect(edus()).toHaveLength(2));
    expect(edus()).toMatchObject([
      { type: 'm.typing', room_id: room, content: { user_ids: ['@alice:hs.test'] } },
      { type: 'm.receipt', room_id: room, content: { [body.event_id]: { 'm.read': {} } } },
    ]);
    const twins = stub.transactions.flatMap(
      (one) => one.body['de.sorunome.msc2409.ephemeral'] ?? [],
    );
    expect(twins).toEqual(edus());
  });

  it('tries at once when a ping says that the appservice is there', async () => {
    const stub = await stubAppservice();
    const hs = await homeserver({
      registrations: [registration(stub.url)],
      retryBaseMs: 60_000_000,
    });
    const alice = await person(hs, 'alice');
    stub.answer = async () => [500, '{}'];
    const room = await publicRoom(alice, await ghost(hs.url, '_x_bob'));
    await say(alice, room, 'hello');
    await vi.waitFor(() => expect(stub.transactions).toHaveLength(1));
    stub.answer = async () => [200, '{}'];
    const { status, body } = await actingAs(hs.url).post('/_matrix/client/v1/appservice/x/ping', {
      transaction_id: 'mine',
    });
    expect([status, body]).toEqual([200, { duration_ms: expect.any(Number) }]);
    expect(stub.pushed.find((one) => one.path === '/_matrix/app/v1/ping')?.body).toEqual({
      transaction_id: 'mine',
    });
    await vi.waitFor(() => expect(stub.heard).toEqual(['hello']));
  });
});

describe('Courier, step by step', () => {
  const ready = async (options: { dir?: string } = {}) => {
    const { stub, hs } = await bridged(options);
    const alice = await person(hs, 'alice');
    const bob = await ghost(hs.url, '_x_bob');
    const room = await publicRoom(alice, bob);
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    return { stub, hs, alice, bob, room, sent: stub.transactions.length };
  };
  const idOf = ({ path: to }: { path: string }) => Number(to.split('/').at(-1));

  it('has one transaction under way, and puts what waits meanwhile into the next, up to 100', async () => {
    const { stub, hs, alice, room, sent } = await ready();
    let answerNow = () => {};
    stub.answer = () =>
      new Promise((resolve) => {
        answerNow = () => resolve([200, '{}']);
      });
    for (let line = 0; line <= 130; line += 1) await say(alice, room, `${line}`);
    await vi.waitFor(() => expect(stub.transactions.length).toBe(sent + 1));
    stub.answer = async () => [200, '{}'];
    answerNow();
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    const sizes = stub.transactions.slice(sent).map(({ body }) => body.events.length);
    expect(sizes).toEqual([1, 100, 30]);
    expect(stub.heard).toEqual(Array.from({ length: 131 }, (_, line) => `${line}`));
  });

  it('sends each event by itself while it catches up, and together again afterwards', async () => {
    const { stub, hs, alice, room, sent } = await ready();
    stub.answer = async () => [502, '{}'];
    await say(alice, room, '1');
    await vi.waitFor(() => expect(stub.transactions.length).toBeGreaterThan(sent + 1));
    for (const line of ['2', '3', '4']) await say(alice, room, line);
    stub.answer = async () => [200, '{}'];
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    expect(stub.heard).toEqual(['1', '2', '3', '4']);
    expect(stub.transactions.slice(-4).map(({ body }) => body.events.length)).toEqual([1, 1, 1, 1]);
  });

  it('drops what is ephemeral in a transaction that failed, and while it is down', async () => {
    const { stub, hs, alice, room, sent } = await ready();
    let answerNow = (_: readonly [number, string]) => {};
    stub.answer = () =>
      new Promise((resolve) => {
        answerNow = resolve;
      });
    const type = (typing: boolean) =>
      alice.put(path`/rooms/${room}/typing/${alice.userId}`, { typing, timeout: 30_000 });
    const ephemeral = () =>
      stub.transactions.slice(sent).flatMap(({ body }) => body.ephemeral ?? []);
    await type(true);
    await vi.waitFor(() => expect(ephemeral()).toHaveLength(1));
    await say(alice, room, 'first');
    await type(false);
    answerNow([500, '{}']);
    await vi.waitFor(() => expect(stub.transactions.length).toBe(sent + 2));
    await type(true);
    answerNow([200, '{}']);
    await vi.waitFor(() => expect(stub.transactions.length).toBe(sent + 3));
    stub.answer = async () => [200, '{}'];
    answerNow([200, '{}']);
    await say(alice, room, 'second');
    await vi.waitFor(() => expect(stub.heard.at(-1)).toBe('second'));
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    expect(ephemeral()).toHaveLength(1);
    await type(false);
    await vi.waitFor(() => expect(ephemeral()).toHaveLength(2));
  });

  it('keeps its ids across a restart while something waits, and begins anew where nothing does', async () => {
    const dir = temporaryDir();
    const { stub, hs, alice, room } = await ready({ dir });
    stub.answer = async () => [500, '{}'];
    for (const line of ['1', '2', '3']) await say(alice, room, line);
    const waiting = stub.transactions.length;
    await vi.waitFor(() => expect(stub.transactions.length).toBeGreaterThan(waiting + 1));
    const id = idOf(stub.transactions.at(-1) ?? { path: '' });
    await hs.close();
    const before = stub.transactions.length;
    const second = await homeserver({ registrations: [registration(stub.url)], dir });
    await say(at(second, alice), room, '4');
    const acknowledged: number[] = [];
    stub.answer = async (pushed) => {
      acknowledged.push(idOf(pushed));
      return [200, '{}'];
    };
    await vi.waitFor(() => expect(stub.heard).toEqual(['1', '2', '3', '4']));
    expect(idOf(stub.transactions[before] ?? { path: '' })).toBe(id);
    expect(acknowledged).toEqual([...new Set(acknowledged)].sort((a, b) => a - b));
    await vi.waitFor(() => expect(second.backlog('x')).toBe(0));
    await second.close();

    const third = await homeserver({ registrations: [registration(stub.url)], dir });
    const last = stub.transactions.length;
    await say(at(third, alice), room, '5');
    await vi.waitFor(() => expect(stub.heard).toEqual(['1', '2', '3', '4', '5']));
    expect(idOf(stub.transactions[last] ?? { path: '' })).toBe(1);
  });

  it('tells an appservice that comes later nothing of what was before', async () => {
    const dir = temporaryDir();
    const { hs, alice, room } = await ready({ dir });
    await hs.close();
    const late = await stubAppservice();
    const yaml = registration(late.url, 'y').replace(
      'rooms: []',
      "rooms: [{ exclusive: false, regex: '!.*' }]",
    );
    const again = await homeserver({ registrations: [yaml], dir });
    await say(at(again, alice), room, 'now');
    await vi.waitFor(() => expect(late.heard).toEqual(['now']));
    expect(late.transactions.flatMap(({ body }) => body.events)).toHaveLength(1);
  });

  it('tells of the end of the last stay, and then of nothing more', async () => {
    const { stub, hs, alice, bob, room } = await ready();
    await alice.post(path`/rooms/${room}/kick`, { user_id: bob.userId });
    await say(alice, room, 'alone');
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    expect(stub.transactions.at(-1)?.body.events.at(-1)).toMatchObject({
      state_key: bob.userId,
      content: { membership: 'leave' },
      unsigned: { prev_content: { membership: 'join' } },
    });
    expect(stub.heard).toEqual([]);
  });

  it('tells of rooms with an alias of its namespace', async () => {
    const { stub, hs, alice } = await ready();
    const other = await createRoom(alice);
    await say(alice, other, 'before');
    const to = path`/directory/room/${'#_x_tea:hs.test'}`;
    await actingAs(hs.url).put(to, { room_id: other });
    await say(alice, other, 'after');
    await vi.waitFor(() => expect(stub.heard).toEqual(['after']));
  });

  it('shows an event that was redacted meanwhile as it is now, and then the redaction', async () => {
    const { stub, hs, alice, room, sent } = await ready();
    stub.answer = async ({ body: { events } }) => {
      stub.answer = async () => [200, '{}'];
      await alice.put(path`/rooms/${room}/redact/${events[0].event_id}/1`, {});
      return [500, '{}'];
    };
    const { body } = await say(alice, room, 'secret');
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    const events = stub.transactions.slice(sent + 1).flatMap((one) => one.body.events);
    expect(events.map(({ type, content }) => [type, content])).toEqual([
      ['m.room.message', {}],
      ['m.room.redaction', { redacts: body.event_id }],
    ]);
  });

  it('sends private receipts of its own users only, and presence', async () => {
    const { stub, alice, bob, room } = await ready();
    const { event_id: eventId } = (await say(alice, room, 'x')).body;
    for (const who of [alice, bob])
      await who.post(path`/rooms/${room}/receipt/m.read.private/${eventId}`, {});
    await alice.put(path`/presence/${alice.userId}/status`, { presence: 'online' });
    const edus = () => stub.transactions.flatMap(({ body }) => body.ephemeral ?? []);
    await vi.waitFor(() => expect(edus()).toHaveLength(2));
    expect(edus()).toMatchObject([
      { type: 'm.receipt', content: { [eventId]: { 'm.read.private': { [bob.userId]: {} } } } },
      { type: 'm.presence', sender: alice.userId, content: { presence: 'online' } },
    ]);
  });

  it('sends nothing ephemeral to an appservice that did not ask for it', async () => {
    const stub = await stubAppservice();
    const yaml = registration(stub.url).replace(/^(receive|de\.sor).*\n/gm, '');
    const hs = await homeserver({ registrations: [yaml] });
    const alice = await person(hs, 'alice');
    const room = await publicRoom(alice, await ghost(hs.url, '_x_bob'));
    await alice.put(path`/rooms/${room}/typing/${alice.userId}`, { typing: true });
    await say(alice, room, 'done');
    await vi.waitFor(() => expect(stub.heard).toEqual(['done']));
    expect(stub.transactions.every(({ body }) => Object.keys(body).join() === 'events')).toBe(true);
  });
});
