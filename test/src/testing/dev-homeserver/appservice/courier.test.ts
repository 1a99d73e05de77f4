import { describe, expect, it, vi } from 'vitest';
import { createRoom, join, path, person, publicRoom, say } from '../support/api.ts';
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
