import { describe, expect, it, vi } from 'vitest';
import type { DevHomeserverOptions } from '../../../../../src/testing/dev-homeserver/index.ts';
import { at, path, person, publicRoom, say } from '../support/api.ts';
import { homeserver, stubAppservice, temporaryDir } from '../support/fixture.ts';
import { ghost, registration } from '../support/stub-appservice.ts';

const bridged = async (options: Partial<DevHomeserverOptions> = {}) => {
  const stub = await stubAppservice();
  const hs = await homeserver({ registrations: [registration(stub.url)], ...options });
  return { stub, hs };
};

describe('Courier', () => {
  const ready = async (options: Partial<DevHomeserverOptions> = {}) => {
    const { stub, hs } = await bridged(options);
    const alice = await person(hs, 'alice');
    const bob = await ghost(hs.url, '_x_bob');
    const room = await publicRoom(alice, bob);
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    return { stub, hs, alice, bob, room, sent: stub.transactions.length };
  };
  const idOf = ({ path: to }: { path: string }) => Number(to.split('/').at(-1));

  it('sends what was not acknowledged after a restart, once something happens', async () => {
    const dir = temporaryDir();
    const { stub, hs, alice, room, sent } = await ready({ dir });
    stub.answer = async () => [503, '{}'];
    await say(alice, room, 'one');
    await say(alice, room, 'two');
    await vi.waitFor(() => expect(stub.transactions.length).toBeGreaterThan(sent + 1));
    await hs.close();

    stub.answer = async () => [200, '{}'];
    const again = await homeserver({ registrations: [registration(stub.url)], dir });
    expect(again.backlog('x')).toBe(2);
    await say(at(again, alice), room, 'three');
    await vi.waitFor(() => expect(stub.heard).toEqual(['one', 'two', 'three']));
    await vi.waitFor(() => expect(again.backlog('x')).toBe(0));
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

  it('tells who is online', async () => {
    const { stub, alice, sent } = await ready();
    await alice.put(path`/presence/${alice.userId}/status`, { presence: 'online' });
    await vi.waitFor(() => expect(stub.transactions.length).toBe(sent + 1));
    expect(stub.transactions.at(-1)?.body.ephemeral).toMatchObject([
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
