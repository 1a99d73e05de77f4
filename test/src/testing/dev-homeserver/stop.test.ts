import { describe, expect, it, vi } from 'vitest';
import { path, person, publicRoom, say } from './support/api.ts';
import { answers, homeserver, restart, stubAppservice } from './support/fixture.ts';
import { ghost, registration } from './support/stub-appservice.ts';

const ready = async () => {
  const stub = await stubAppservice();
  const hs = await homeserver({ registrations: [registration(stub.url)] });
  const alice = await person(hs, 'alice');
  const bob = await ghost(hs.url, '_x_bob');
  const room = await publicRoom(alice, bob);
  await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
  return { stub, hs, alice, bob, room };
};

describe('stop', () => {
  it('leaves nobody to be asked until start, and then all is there', async () => {
    const { hs, alice, room } = await ready();
    const before = hs.timeline(room);
    await hs.stop();
    await expect(say(alice, room, 'to nobody')).rejects.toThrow();
    await hs.start();
    await answers(hs);
    expect(hs.timeline(room)).toEqual(before);
    expect((await say(alice, room, 'to all')).status).toBe(200);
  });

  it('forgets whom an appservice was answered what', async () => {
    const { hs, bob, room } = await ready();
    const to = path`/rooms/${room}/send/m.room.message/once`;
    const content = { msgtype: 'm.text', body: 'a' };
    const first = await bob.put(to, content);
    expect((await bob.put(to, content)).body).toEqual(first.body);
    await restart(hs);
    const second = await bob.put(to, content);
    expect([second.status, second.body.event_id === first.body.event_id]).toEqual([200, false]);
  });

  it('has the ids of transactions begin anew', async () => {
    const { hs, stub, alice, room } = await ready();
    await restart(hs);
    const sent = stub.transactions.length;
    await say(alice, room, 'the first');
    await vi.waitFor(() => expect(stub.heard).toEqual(['the first']));
    expect(stub.transactions[sent]?.path).toMatch(/\/1$/);
  });

  it('breaks off what is under way, and brings it again', async () => {
    const { hs, stub, alice, room } = await ready();
    const held = hs.misbehave({ is: 'delay', when: 'before', delayMs: 60_000, on: 'GET /sync' });
    const asked = alice.get('/sync').catch(() => 'broken off');
    await vi.waitFor(() => expect(held.count).toBe(1));
    stub.answer = () => new Promise(() => {});
    const sent = stub.transactions.length;
    await say(alice, room, 'again');
    await vi.waitFor(() => expect(stub.transactions).toHaveLength(sent + 1));
    await hs.stop();
    expect(await asked).toBe('broken off');
    stub.answer = async () => [200, '{}'];
    await hs.start();
    await answers(hs);
    await say(alice, room, 'and on');
    await vi.waitFor(() => expect(stub.heard).toEqual(['again', 'and on']));
  });

  it('may be said before close', async () => {
    const { hs } = await ready();
    await hs.stop();
    await hs.close();
  });
});
