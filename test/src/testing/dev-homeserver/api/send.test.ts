import { describe, expect, it } from 'vitest';
import { at, createRoom, join, path, person, publicRoom, say } from '../support/api.ts';
import { homeserver, temporaryDir } from '../support/fixture.ts';
import { ghost, registration } from '../support/stub-appservice.ts';

const text = (body: string) => ({ msgtype: 'm.text', body });

const room = async () => {
  const hs = await homeserver({ registrations: [registration(null)] });
  const alice = await person(hs, 'alice');
  const bob = await person(hs, 'bob');
  return { hs, alice, bob, roomId: await publicRoom(alice, bob) };
};

describe('PUT /send', () => {
  it('makes one event of a request that comes twice, even at the same time', async () => {
    const { hs, alice, roomId } = await room();
    const to = path`/rooms/${roomId}/send/m.room.message/once`;
    const before = hs.timeline(roomId).length;
    const [first, second] = await Promise.all([alice.put(to, text('a')), alice.put(to, text('b'))]);
    expect(second.body).toEqual(first.body);
    expect(hs.timeline(roomId)).toHaveLength(before + 1);
  });

  it('keeps the ids of one device apart from those of another', async () => {
    const { hs, alice, bob, roomId } = await room();
    const to = path`/rooms/${roomId}/send/m.room.message/once`;
    const ids = [(await alice.put(to, text('a'))).body, (await bob.put(to, text('b'))).body];
    expect(new Set(ids.map((body) => body.event_id)).size).toBe(2);
    expect(
      hs
        .timeline(roomId)
        .slice(-2)
        .map(({ sender }) => sender),
    ).toEqual([alice.userId, bob.userId]);
  });

  it('takes the same id from two users of an appservice for the same request', async () => {
    const { hs, roomId } = await room();
    const [one, two] = [await ghost(hs.url, '_x_one'), await ghost(hs.url, '_x_two')];
    await join(one, roomId);
    await join(two, roomId);
    const to = path`/rooms/${roomId}/send/m.room.message/once`;
    const first = await one.put(to, text('one'));
    expect((await two.put(to, text('two'))).body).toEqual(first.body);
    expect(hs.timeline(roomId).at(-1)?.content).toEqual(text('one'));
  });

  it('forgets a request that failed, and every request at a restart', async () => {
    const dir = temporaryDir();
    const hs = await homeserver({ dir });
    const alice = await person(hs, 'alice');
    const roomId = await createRoom(alice);
    const to = path`/rooms/${roomId}/send/m.room.message/once`;
    expect((await alice.put(to, { msgtype: 'm.text' })).status).toBe(400);
    const first = await alice.put(to, text('a'));
    expect(first.status).toBe(200);
    await hs.close();
    const again = await homeserver({ dir });
    const second = await at(again, alice).put(to, text('a'));
    expect(second.body.event_id).not.toBe(first.body.event_id);
    expect(
      again
        .timeline(roomId)
        .slice(-2)
        .map(({ event_id }) => event_id),
    ).toEqual([first.body.event_id, second.body.event_id]);
  });

  it.each([
    ['a fraction', '{"a":1.5}', 400, 'M_BAD_JSON'],
    ['a whole number with a point', '{"a":1.0}', 400, 'M_BAD_JSON'],
    ['an exponent', '{"a":[1e3]}', 400, 'M_BAD_JSON'],
    ['a number beyond 2^53', '{"a":9007199254740993}', 400, 'M_BAD_JSON'],
    ['half a surrogate pair', '{"a":"\\ud800"}', 500, 'M_UNKNOWN'],
    ['half a surrogate pair in a key', '{"\\ud800":1}', 500, 'M_UNKNOWN'],
    ['no JSON', '{nope', 400, 'M_NOT_JSON'],
    ['NaN', '{"a":NaN}', 400, 'M_NOT_JSON'],
    ['nothing', '', 400, 'M_NOT_JSON'],
    ['a list', '[]', 400, 'M_BAD_JSON'],
  ])('refuses %s', async (_, raw, status, errcode) => {
    const { hs, alice, roomId } = await room();
    const before = hs.timeline(roomId).length;
    const answer = await alice.put(path`/rooms/${roomId}/send/x.y/1`, {}, { raw });
    expect([answer.status, answer.body.errcode]).toEqual([status, errcode]);
    expect(hs.timeline(roomId)).toHaveLength(before);
  });

  it('refuses what is not UTF-8', async () => {
    const { alice, roomId } = await room();
    const raw = Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    const answer = await alice.put(path`/rooms/${roomId}/send/x.y/1`, {}, { raw });
    expect([answer.status, answer.body.errcode]).toEqual([400, 'M_NOT_JSON']);
  });

  it('lets numbers in a text, the largest whole number and a NUL through', async () => {
    const { alice, roomId } = await room();
    const raw = '{"a":"1.5 \\" 2.5","b":9007199254740991,"c":"\\u0000"}';
    const { status, body } = await alice.put(path`/rooms/${roomId}/send/x.y/1`, {}, { raw });
    expect(status).toBe(200);
    const event = await alice.get(path`/rooms/${roomId}/event/${body.event_id}`);
    expect(event.body.content).toEqual(JSON.parse(raw));
  });

  // Measured on Synapse 1.163.2, on a server of the same name and users of the same names.
  it.each([
    ['11', 'alice', 64_905],
    ['11', 'bob', 64_907],
    ['12', 'alice', 64_935],
    ['12', 'bob', 64_937],
  ])('in version %s lets %s say no more than %d letters', async (version, name, letters) => {
    const hs = await homeserver();
    const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
    const request = { preset: 'public_chat', room_version: version };
    const roomId = await createRoom(alice, request);
    await join(bob, roomId);
    // The place of an event is part of its size: this makes it two digits.
    for (const word of ['a', 'b', 'c', 'd']) await say(alice, roomId, word);
    const who = name === 'alice' ? alice : bob;
    expect((await say(who, roomId, 'a'.repeat(letters))).status).toBe(200);
    const answer = await say(who, roomId, 'a'.repeat(letters + 1));
    expect([answer.status, answer.body.errcode]).toEqual([413, 'M_TOO_LARGE']);
  });

  it.each([
    ['a message without a body', 'm.room.message', { msgtype: 'm.text' }, 400],
    ['a body that is no text', 'm.room.message', { msgtype: 'm.text', body: 1 }, 400],
    ['a message without a type', 'm.room.message', { body: 'x' }, 400],
    ['a type of 256 bytes', 't'.repeat(256), {}, 413],
  ])('refuses %s', async (_, type, content, status) => {
    const { alice, roomId } = await room();
    expect((await alice.put(path`/rooms/${roomId}/send/${type}/1`, content)).status).toBe(status);
  });

  it('refuses whoever is not in the room, as if there were none', async () => {
    const { hs, roomId } = await room();
    const carol = await person(hs, 'carol');
    for (const id of [roomId, '!none:hs.test'])
      expect((await say(carol, id, 'x')).body.errcode).toBe('M_FORBIDDEN');
  });

  it('sets the time that an appservice says, and nobody else', async () => {
    const { hs, alice, roomId } = await room();
    const bob = await ghost(hs.url, '_x_bob');
    await join(bob, roomId);
    const sendAt = (who: typeof bob, ts: string) =>
      who.put(path`/rooms/${roomId}/send/m.room.message/${ts}`, text('x'), { query: { ts } });
    await sendAt(bob, '0');
    const past = hs.timeline(roomId).at(-1);
    expect(past?.origin_server_ts).toBe(0);
    // Its age is counted from when it came.
    const shown = await alice.get(path`/rooms/${roomId}/event/${past?.event_id ?? ''}`);
    expect(shown.body.unsigned.age).toBeLessThan(60_000);
    await sendAt(alice, '0');
    expect(hs.timeline(roomId).at(-1)?.origin_server_ts).toBeGreaterThan(0);
    expect((await sendAt(bob, '-1')).body.errcode).toBe('M_INVALID_PARAM');
    expect((await sendAt(bob, '1.5')).body.errcode).toBe('M_INVALID_PARAM');
    expect((await sendAt(bob, '99999999999999999')).body.errcode).toBe('M_BAD_JSON');
  });

  it('shows the transaction id to the device that sent it, and to no other', async () => {
    const { alice, bob, roomId } = await room();
    const { body } = await alice.put(path`/rooms/${roomId}/send/m.room.message/mine`, text('x'));
    const shown = async (who: typeof alice) =>
      (await who.get(path`/rooms/${roomId}/event/${body.event_id}`)).body.unsigned.transaction_id;
    expect([await shown(alice), await shown(bob)]).toEqual(['mine', undefined]);
  });
});

describe('PUT /redact', () => {
  it('empties the event and says why, once and for all', async () => {
    const { hs, alice, bob, roomId } = await room();
    const { body: said } = await say(bob, roomId, 'oops');
    const redact = (who: typeof alice, txn: string, reason: string) =>
      who.put(path`/rooms/${roomId}/redact/${said.event_id}/${txn}`, { reason });
    const first = await redact(bob, 'a', 'typo');
    expect((await redact(alice, 'b', 'again')).status).toBe(200);
    const { body } = await alice.get(path`/rooms/${roomId}/event/${said.event_id}`);
    expect(body.content).toEqual({});
    expect(body.unsigned.redacted_because).toMatchObject({
      event_id: first.body.event_id,
      content: { redacts: said.event_id, reason: 'typo' },
      redacts: said.event_id,
    });
    expect(hs.timeline(roomId).find((event) => event.event_id === said.event_id)?.content).toEqual(
      {},
    );
  });

  it('needs the power to do it to others, and spares the first event', async () => {
    const { hs, alice, bob, roomId } = await room();
    const { body } = await say(alice, roomId, 'mine');
    const redact = (who: typeof alice, target: string) =>
      who.put(path`/rooms/${roomId}/redact/${target}/${who.userId}${target}`, {});
    expect((await redact(bob, body.event_id)).body.errcode).toBe('M_FORBIDDEN');
    const [create] = hs.timeline(roomId);
    expect((await redact(alice, create?.event_id ?? '')).body.errcode).toBe('M_FORBIDDEN');
    expect((await redact(alice, (await say(bob, roomId, 'x')).body.event_id)).status).toBe(200);
    expect((await redact(alice, '$unknown')).status).toBe(200);
  });

  it('can be done by /send too, where the target must be known', async () => {
    const { hs, bob, roomId } = await room();
    const { body } = await say(bob, roomId, 'oops');
    const send = (redacts: string) =>
      bob.put(path`/rooms/${roomId}/send/m.room.redaction/${redacts}`, { redacts });
    expect((await send(body.event_id)).status).toBe(200);
    expect(hs.timeline(roomId).at(-2)?.content).toEqual({});
    expect((await send('$unknown')).body.errcode).toBe('M_NOT_FOUND');
  });

  it('leaves membership as it is when its event is redacted', async () => {
    const { hs, alice, bob, roomId } = await room();
    const join = hs.timeline(roomId).find((event) => event.state_key === bob.userId);
    await alice.put(path`/rooms/${roomId}/redact/${join?.event_id ?? ''}/1`, {});
    expect(
      (await alice.get(path`/rooms/${roomId}/state/m.room.member/${bob.userId}`)).body,
    ).toEqual({ membership: 'join' });
    expect(hs.joinedMembers(roomId)).toContain(bob.userId);
  });
});
