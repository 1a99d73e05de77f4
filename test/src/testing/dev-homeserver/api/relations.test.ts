import { describe, expect, it, vi } from 'vitest';
import { type Client, path, person, publicRoom, say } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';

let txns = 0;
const relate = (who: Client, room: string, relation: object, more: object = {}) => {
  txns += 1;
  const type = 'body' in more ? 'm.room.message' : 'm.reaction';
  const content = { ...more, 'm.relates_to': relation };
  return who.put(path`/rooms/${room}/send/${type}/relate${String(txns)}`, content);
};
const text = (body: string) => ({ msgtype: 'm.text', body });

const talk = async () => {
  const hs = await homeserver();
  const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
  const room = await publicRoom(alice, bob);
  const target: string = (await say(alice, room, 'one')).body.event_id;
  const event = async () => (await bob.get(path`/rooms/${room}/event/${target}`)).body;
  return { hs, alice, bob, room, target, event };
};

describe('an edit', () => {
  /** Each in a millisecond of its own: of two in one, the greater id counts as the newer. */
  const edit = async (who: Client, room: string, target: string, body: string) => {
    const beganAtMs = Date.now();
    const answer = await relate(who, room, { rel_type: 'm.replace', event_id: target }, text(body));
    await vi.waitUntil(() => Date.now() > beganAtMs, { interval: 1 });
    return answer;
  };

  it('comes along with its event, the newest one, from the same sender only', async () => {
    const { alice, bob, room, target, event } = await talk();
    expect((await event()).unsigned['m.relations']).toBeUndefined();
    await edit(alice, room, target, 'two');
    const second = (await edit(alice, room, target, 'three')).body.event_id;
    await edit(bob, room, target, 'forged');
    const { unsigned, content } = await event();
    expect(content.body).toBe('one');
    expect(unsigned['m.relations']['m.replace']).toMatchObject({
      event_id: second,
      content: { body: 'three' },
    });
  });

  it('goes when it is redacted, or its event', async () => {
    const { alice, room, target, event } = await talk();
    const first = (await edit(alice, room, target, 'two')).body.event_id;
    const second = (await edit(alice, room, target, 'three')).body.event_id;
    await alice.put(path`/rooms/${room}/redact/${second}/1`, {});
    expect((await event()).unsigned['m.relations']['m.replace'].event_id).toBe(first);
    await alice.put(path`/rooms/${room}/redact/${target}/2`, {});
    expect((await event()).unsigned['m.relations']).toBeUndefined();
  });
});

describe('a reaction', () => {
  const react = (who: Client, room: string, target: string, key?: string) =>
    relate(who, room, { rel_type: 'm.annotation', event_id: target, ...(key && { key }) });

  it('counts once per sender and key, and again after it was taken back', async () => {
    const { alice, bob, room, target } = await talk();
    const first = await react(bob, room, target, '👍');
    const again = await react(bob, room, target, '👍');
    expect([again.status, again.body.errcode]).toEqual([400, 'M_DUPLICATE_ANNOTATION']);
    expect((await react(bob, room, target, '👎')).status).toBe(200);
    expect((await react(alice, room, target, '👍')).status).toBe(200);
    await bob.put(path`/rooms/${room}/redact/${first.body.event_id}/1`, {});
    expect((await react(bob, room, target, '👍')).status).toBe(200);
  });

  it('needs a key and a target', async () => {
    const { bob, room, target } = await talk();
    expect((await react(bob, room, target)).status).toBe(400);
    expect((await react(bob, room, target, 'k'.repeat(501))).status).toBe(400);
    expect((await react(bob, room, '$none', '👍')).status).toBe(400);
  });
});

describe('a thread', () => {
  it('is counted on its root, which is no relation itself', async () => {
    const { alice, bob, room, target, event } = await talk();
    const answer = (who: Client, to: string) =>
      relate(who, room, { rel_type: 'm.thread', event_id: to }, text('answer'));
    const first = (await answer(bob, target)).body.event_id;
    const last = (await answer(alice, target)).body.event_id;
    expect((await event()).unsigned['m.relations']['m.thread']).toMatchObject({
      count: 2,
      latest_event: { event_id: last },
      current_user_participated: true,
    });
    expect((await answer(bob, first)).status).toBe(400);
  });
});

describe('GET /relations', () => {
  it('lists what is related, by kind and type, in pages', async () => {
    const { bob, room, target } = await talk();
    for (const key of ['a', 'b', 'c'])
      await relate(bob, room, { rel_type: 'm.annotation', event_id: target, key });
    await relate(bob, room, { rel_type: 'm.thread', event_id: target }, text('t'));
    const list = async (rest: string, query: Record<string, string> = {}) =>
      (await bob.get(path`/_matrix/client/v1/rooms/${room}/relations/${target}` + rest, { query }))
        .body;
    const keys = (body: { chunk: { content: { 'm.relates_to': { key?: string } } }[] }) =>
      body.chunk.map((event) => event.content['m.relates_to'].key);
    expect(keys(await list(''))).toEqual([undefined, 'c', 'b', 'a']);
    expect(keys(await list('/m.annotation/m.reaction', { dir: 'f' }))).toEqual(['a', 'b', 'c']);
    expect(keys(await list('/m.annotation/m.room.message'))).toEqual([]);
    const first = await list('/m.annotation', { limit: '2' });
    expect(keys(first)).toEqual(['c', 'b']);
    const rest = await list('/m.annotation', { limit: '2', from: first.next_batch });
    expect([keys(rest), rest.next_batch]).toEqual([['a'], undefined]);
    const none = await bob.get(path`/_matrix/client/v1/rooms/${room}/relations/${'$none'}`);
    expect(none.status).toBe(404);
  });
});
