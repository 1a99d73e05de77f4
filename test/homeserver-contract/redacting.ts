import { expect, it } from 'vitest';
import { type Client, path, publicRoom, say } from '../src/testing/dev-homeserver/support/api.ts';
import { type Open, verdict } from './bench.ts';
import { lastEvent, timeline } from './look.ts';
import { idOf, sendTo, text } from './say.ts';

export function redactClauses(open: Open): void {
  const redact = (who: Client, target: string, content: object = {}) => {
    const { room, name } = open();
    return who.put(path`/rooms/${room}/redact/${target}/${name()}`, content);
  };
  const said = (who: Client) => {
    const { room, name } = open();
    return idOf(who.put(sendTo(room, name()), text('oops')));
  };

  it('empties an event and says why, once and for all', async () => {
    const { alice, one, room } = open();
    const target = await said(one);
    const first = await idOf(redact(one, target, { reason: 'typo' }));
    expect(await verdict(redact(alice, target, { reason: 'again' }))).toBe('200');
    const { body } = await alice.get(path`/rooms/${room}/event/${target}`);
    expect(body.content).toEqual({});
    expect(body.unsigned.redacted_because).toMatchObject({
      event_id: first,
      sender: one.userId,
      content: { redacts: target, reason: 'typo' },
      redacts: target,
    });
  });

  it('needs the power to do it to others, and spares the first event', async () => {
    const { alice, one, room } = open();
    expect(await verdict(redact(one, await said(alice)))).toBe('403 M_FORBIDDEN');
    expect(await verdict(redact(alice, await said(one)))).toBe('200');
    const [create] = await timeline(alice, room);
    expect(await verdict(redact(alice, create.event_id))).toBe('403 M_FORBIDDEN');
  });

  it('is one event for a request that comes twice', async () => {
    const { one, room, name } = open();
    const to = path`/rooms/${room}/redact/${await said(one)}/${name()}`;
    expect(await idOf(one.put(to, {}))).toBe(await idOf(one.put(to, {})));
  });

  it('of an event that nobody knows is for those who may redact what others said', async () => {
    const { alice, one } = open();
    expect(await verdict(redact(alice, '$unknown'))).toBe('200');
    expect(await verdict(redact(one, '$unknown'))).toBe('404 M_NOT_FOUND');
  });

  it('leaves somebody in the room whose membership is redacted', async () => {
    const { alice, ghost: make, name } = open();
    const somebody = await make();
    const room = await publicRoom(alice, somebody);
    const { event_id: id } = await lastEvent(alice, room);
    await alice.put(path`/rooms/${room}/redact/${id}/${name()}`, {});
    const member = path`/rooms/${room}/state/m.room.member/${somebody.userId}`;
    expect((await alice.get(member)).body).toEqual({ membership: 'join' });
    expect(await verdict(say(somebody, room, 'still here'))).toBe('200');
  });

  it('leaves an event its transaction id, which only its sender is shown', async () => {
    const { alice, one, ghost: make, room, name } = open();
    const other = await make();
    await other.post(path`/join/${room}`, {});
    const txnId = name();
    const target = await idOf(one.put(sendTo(room, txnId), text('oops')));
    await redact(alice, target);
    const shown = async (who: Client) =>
      (await who.get(path`/rooms/${room}/event/${target}`)).body.unsigned;
    expect(await shown(one)).toMatchObject({ transaction_id: txnId, redacted_because: {} });
    expect(await shown(other)).not.toHaveProperty('transaction_id');
  });

  it('can be sent as an event', async () => {
    const { alice, one, room, name } = open();
    const target = await said(one);
    const send = (who: Client, redacts: string) =>
      who.put(sendTo(room, name(), 'm.room.redaction'), { redacts });
    expect(await verdict(send(one, target))).toBe('200');
    expect((await one.get(path`/rooms/${room}/event/${target}`)).body.content).toEqual({});
    expect(await verdict(send(one, '$unknown'))).toBe('404 M_NOT_FOUND');
    expect(await verdict(send(alice, '$unknown'))).toBe('200');
  });
}
