import { expect, it } from 'vitest';
import { type Client, path, publicRoom } from '../src/testing/dev-homeserver/support/api.ts';
import { type Open, verdict } from './bench.ts';
import { lastEvent } from './look.ts';
import { idOf, sendTo, text } from './say.ts';

export function sendClauses(open: Open): void {
  it('makes one event of a request that comes twice, also at the same time', async () => {
    const { one, room, name } = open();
    const to = sendTo(room, name());
    const [first, second] = await Promise.all([one.put(to, text('a')), one.put(to, text('b'))]);
    expect(second.body).toEqual(first.body);
    expect((await one.put(to, text('c'))).body).toEqual(first.body);
    expect((await lastEvent(one, room)).event_id).toBe(first.body.event_id);
  });

  it('takes the same id from two users of an appservice for the same request', async () => {
    const { one, two, room, name } = open();
    const to = sendTo(room, name());
    const first = await idOf(one.put(to, text('one')));
    expect(await idOf(two.put(to, text('two')))).toBe(first);
    expect(await lastEvent(one, room)).toMatchObject({ sender: one.userId, content: text('one') });
  });

  it('takes the same id in another room, or for another type, for another request of an appservice', async () => {
    const { alice, one, room, name } = open();
    const other = await publicRoom(alice, one);
    const txnId = name();
    const ids = [
      await idOf(one.put(sendTo(room, txnId), text('a'))),
      await idOf(one.put(sendTo(other, txnId), text('a'))),
      await idOf(one.put(sendTo(room, txnId, 'x.y'), text('a'))),
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it('keeps the ids of one device apart from those of another', async () => {
    const { alice, bob, room, name } = open();
    const to = sendTo(room, name());
    expect(await idOf(bob.put(to, text('b')))).not.toBe(await idOf(alice.put(to, text('a'))));
  });

  it('takes an id of a device for the same request in a room, whatever its type', async () => {
    const { alice, bob, room, name } = open();
    const other = await publicRoom(alice, bob);
    const txnId = name();
    const first = await idOf(alice.put(sendTo(room, txnId), text('a')));
    expect(await idOf(alice.put(sendTo(room, txnId, 'x.y'), text('a')))).toBe(first);
    expect(await idOf(alice.put(sendTo(other, txnId), text('a')))).not.toBe(first);
  });

  it('forgets a request that it refused', async () => {
    const { one, room, name } = open();
    const to = sendTo(room, name());
    expect(await verdict(one.put(to, { msgtype: 'm.text' }))).toBe('400 M_UNKNOWN');
    expect(await verdict(one.put(to, text('a')))).toBe('200');
  });

  it('shows the id to the device that used it, and to nobody else', async () => {
    const { alice, bob, room, name } = open();
    const txnId = name();
    const eventId = await idOf(alice.put(sendTo(room, txnId), text('a')));
    const shown = async (who: Client) =>
      (await who.get(path`/rooms/${room}/event/${eventId}`)).body.unsigned.transaction_id;
    expect([await shown(alice), await shown(bob)]).toEqual([txnId, undefined]);
  });

  it('is refused to whoever is not in the room, and as much where there is none', async () => {
    const { alice, bob, name } = open();
    const room = await publicRoom(alice);
    for (const to of [room, '!none:hs.test', '!none'])
      expect(await verdict(bob.put(sendTo(to, name()), text('a')))).toBe('403 M_FORBIDDEN');
  });

  it('sets the time that an appservice says, and nobody else', async () => {
    const { alice, one, room, name } = open();
    const at = (who: Client, ts: string) =>
      who.put(sendTo(room, name()), text('then'), { query: { ts } });
    expect(await verdict(at(one, '0'))).toBe('200');
    const past = await lastEvent(alice, room);
    expect(past.origin_server_ts).toBe(0);
    // Its age counts from when it came.
    expect(past.unsigned.age).toBeLessThan(60_000);
    expect(await verdict(at(alice, '0'))).toBe('200');
    expect((await lastEvent(alice, room)).origin_server_ts).toBeGreaterThan(1e12);
    expect(await verdict(at(one, '-1'))).toBe('400 M_INVALID_PARAM');
    expect(await verdict(at(one, '1.5'))).toBe('400 M_INVALID_PARAM');
    expect(await verdict(at(one, '99999999999999999'))).toBe('400 M_BAD_JSON');
  });

  it('wants a text in a message', async () => {
    const { one, room, name } = open();
    const send = (content: object) => verdict(one.put(sendTo(room, name()), content));
    expect(await send({ msgtype: 'm.text' })).toBe('400 M_UNKNOWN');
    expect(await send({ msgtype: 'm.text', body: 1 })).toBe('400 M_UNKNOWN');
    expect(await send({ body: 'a' })).toBe('400 M_UNKNOWN');
    expect(await send({ msgtype: 'm.text', body: '' })).toBe('200');
  });
}
