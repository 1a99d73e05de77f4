import { expect, it } from 'vitest';
import { type Client, path, say } from '../src/testing/dev-homeserver/support/api.ts';
import { type Open, until, verdict } from './bench.ts';

export function relationClauses(open: Open): void {
  const relate = (who: Client, relation: object, more: object = {}) => {
    const { room, name } = open();
    const type = 'body' in more ? 'm.room.message' : 'm.reaction';
    return who.put(path`/rooms/${room}/send/${type}/${name()}`, {
      ...more,
      'm.relates_to': relation,
    });
  };
  const react = (who: Client, target: string, key?: string) =>
    relate(who, { rel_type: 'm.annotation', event_id: target, ...(key && { key }) });
  const said = async () => {
    const { alice, room } = open();
    return (await say(alice, room, 'about this')).body.event_id as string;
  };
  const text = (body: string) => ({ msgtype: 'm.text', body });

  it('lets nobody react twice with the same, until it was taken back', async () => {
    const { one, two, room, name } = open();
    const target = await said();
    const { event_id: first } = (await react(one, target, '👍')).body;
    expect(await verdict(react(one, target, '👍'))).toBe('400 M_DUPLICATE_ANNOTATION');
    expect(await verdict(react(one, target, '👎'))).toBe('200');
    expect(await verdict(react(two, target, '👍'))).toBe('200');
    await one.put(path`/rooms/${room}/redact/${first}/${name()}`, {});
    expect(await verdict(react(one, target, '👍'))).toBe('200');
  });

  it('needs a target that is there, and a key of no more than 500 letters', async () => {
    const { one } = open();
    const target = await said();
    expect(await verdict(react(one, '$none', '👍'))).toBe('400 M_UNKNOWN');
    expect(await verdict(react(one, target))).toBe('400 M_UNKNOWN');
    expect(await verdict(react(one, target, 'k'.repeat(501)))).toBe('400 M_UNKNOWN');
    const edit = { rel_type: 'm.replace', event_id: '$none' };
    expect(await verdict(relate(one, edit, text('x')))).toBe('400 M_UNKNOWN');
    const reply = { 'm.in_reply_to': { event_id: '$none' } };
    expect(await verdict(relate(one, reply, text('x')))).toBe('200');
  });

  it('counts the answers of a thread, and begins none at one of them', async () => {
    const { one } = open();
    const root = await said();
    const answer = (event_id: string) => relate(one, { rel_type: 'm.thread', event_id }, text('t'));
    const { event_id: first } = (await answer(root)).body;
    const { event_id: last } = (await answer(root)).body;
    expect(await verdict(answer(first))).toBe('400 M_UNKNOWN');
    const { body } = await one.get(path`/rooms/${open().room}/event/${root}`);
    expect(body.unsigned['m.relations']['m.thread']).toMatchObject({
      count: 2,
      latest_event: { event_id: last },
      current_user_participated: true,
    });
  });

  it('lists what is related, by kind and by type, newest first and in pages', async () => {
    const { one, room } = open();
    const target = await said();
    for (const key of ['a', 'b', 'c']) await react(one, target, key);
    await relate(one, { rel_type: 'm.thread', event_id: target }, text('t'));
    const list = async (rest: string, query: Record<string, string> = {}) => {
      const to = path`/_matrix/client/v1/rooms/${room}/relations/${target}${''}`;
      return (await one.get(to + rest, { query })).body;
    };
    const keys = (body: { chunk: { content: { 'm.relates_to': { key?: string } } }[] }) =>
      body.chunk.map((event) => event.content['m.relates_to'].key);
    expect(keys(await list(''))).toEqual([undefined, 'c', 'b', 'a']);
    expect(keys(await list('/m.annotation/m.reaction', { dir: 'f' }))).toEqual(['a', 'b', 'c']);
    expect(keys(await list('/m.annotation/m.room.message'))).toEqual([]);
    const first = await list('/m.annotation', { limit: '2' });
    expect(keys(first)).toEqual(['c', 'b']);
    const rest = await list('/m.annotation', { limit: '2', from: first.next_batch });
    expect([keys(rest), rest.next_batch]).toEqual([['a'], undefined]);
    const none = one.get(path`/_matrix/client/v1/rooms/${room}/relations/${'$none'}`);
    expect(await verdict(none)).toBe('404 M_UNKNOWN');
  });

  it('brings the newest edit along with what was edited, by its own sender only, until that is redacted', async () => {
    const { alice, one, room, name } = open();
    const target = await said();
    const edit = async (who: Client, body: string) => {
      const answer = relate(who, { rel_type: 'm.replace', event_id: target }, text(body));
      const { event_id: id } = (await answer).body;
      // Of two in one millisecond the greater id would count as the newer.
      const beganAtMs = Date.now();
      await until(() => expect(Date.now()).toBeGreaterThan(beganAtMs));
      return id;
    };
    const shown = async () => {
      const { body } = await one.get(path`/rooms/${room}/event/${target}`);
      return body.unsigned['m.relations']?.['m.replace'].event_id;
    };
    const redact = (id: string) => alice.put(path`/rooms/${room}/redact/${id}/${name()}`, {});
    const first = await edit(alice, 'one');
    const second = await edit(alice, 'two');
    await edit(one, 'forged');
    expect(await shown()).toBe(second);
    await redact(second);
    expect(await shown()).toBe(first);
    await redact(target);
    expect(await shown()).toBeUndefined();
  });
}
