import { beforeEach, describe, expect, it } from 'vitest';
import { type LocalUser, useGatekeeper } from './support/gatekeeper.ts';
import { type TestProvider, type TestUser, textOf } from './support/provider.ts';
import { random } from './support/signer.ts';
import { codeOf } from './support/wire.ts';

const gatekeeper = useGatekeeper();
let provider: TestProvider;
let bob: TestUser;
let alice: LocalUser;
let chat: string;
let n = 0;

beforeEach(async () => {
  n++;
  provider = await gatekeeper.provider(`p${n}.example`);
  bob = await provider.enlist('bob');
  alice = await gatekeeper.local(`alice${n}`);
  chat = await alice.talkTo(bob);
});

const isNew = ({ type }: { type: string }) => type === 'message.new';
const say = (text: string) => alice.say(chat, text, { device: 'phone' });
const open = (cursor?: string) => gatekeeper.reading(provider.events(cursor));
const ack = (cursor: string | undefined) =>
  provider.call('POST', '/events/ack', { body: { cursor } });

describe('a stream of events', () => {
  it('goes on behind a cursor, after a restart too', async () => {
    for (const text of ['a', 'b', 'c']) await say(text);
    const first = await open();
    const b = await first.until((it) => isNew(it) && textOf(it) === 'b');
    await first.until((it) => isNew(it) && textOf(it) === 'c');
    await gatekeeper.restart();

    const second = await open(b.cursor);
    await say('d');
    await second.until((it) => isNew(it) && textOf(it) === 'd');
    expect(second.events.filter(isNew).map(textOf)).toEqual(['c', 'd']);
  });

  it('says the same again, under the same name, until it is acknowledged', async () => {
    await say('a');
    const first = await (await open()).until(isNew);
    const again = await (await open()).until(isNew);
    expect(again).toEqual(first);
    expect((await ack(first.cursor)).status).toBe(204);
    await say('b');
    const third = await open();
    expect(textOf(await third.until(isNew))).toBe('b');
  });

  it('tells whose cursor is older than what was acknowledged where it begins', async () => {
    for (const text of ['a', 'b']) await say(text);
    const reader = await open();
    const a = await reader.until(isNew);
    const b = await reader.until((it) => isNew(it) && textOf(it) === 'b');
    await ack(b.cursor);
    const refused = await provider.call('GET', '/events', {
      headers: { 'last-event-id': a.cursor ?? '' },
    });
    expect(codeOf(refused)).toBe('cursor_gone');
    expect(refused.body.oldest).toBe(b.cursor);
    await say('c');
    expect(textOf(await (await open(refused.body.oldest)).until(isNew))).toBe('c');
  });

  it('knows no cursor of somebody else', async () => {
    await say('a');
    const { cursor = '' } = await (await open()).until(isNew);
    const other = await gatekeeper.provider(`other${n}.example`);
    const refused = await other.call('GET', `/events?cursor=${cursor}`);
    expect(codeOf(refused)).toBe('invalid_request');
    expect(codeOf(await other.call('POST', '/events/ack', { body: { cursor } }))).toBe(
      'invalid_request',
    );
    const invented = `${Number(cursor.split('.')[0]) + 1}.${cursor.split('.')[1]}`;
    expect(codeOf(await ack(invented))).toBe('invalid_request');
  });

  it('ends when its reader opens it anew', async () => {
    const first = await open();
    const second = await open();
    await first.ended;
    await say('a');
    await second.until(isNew);
    expect(first.events.filter(isNew)).toEqual([]);
  });

  it('beats while nothing happens', async () => {
    const reader = await open();
    await reader.until(({ type }) => type === 'conversation.created');
    expect(await reader.beat()).toBe(': still here');
  });

  it('keeps what nobody fetched for thirty days, and then tells the sender', async () => {
    const { body } = await say('unread');
    gatekeeper.turnClock(29 * 86_400_000);
    await gatekeeper.gatekeeper.sweep();
    const kept = await alice.events();
    expect(kept.events.filter(({ type }) => type === 'message.failed')).toEqual([]);
    gatekeeper.turnClock(2 * 86_400_000);
    await gatekeeper.gatekeeper.sweep();
    gatekeeper.turnClock(-31 * 86_400_000);

    const failed = await kept.until(({ type }) => type === 'message.failed');
    expect(failed.data).toMatchObject({ msg_id: body.msg_id, reason: 'expired' });
    expect(failed.data.recipient).toEqual({ user_ref: bob.ref, device: 'bridge' });
  });

  it('of a local device is its own', async () => {
    await alice.putDevices([{ id: 'phone' }, { id: 'desk' }]);
    const desk = await gatekeeper.login(`alice${n}`, 'desk');
    const [atPhone, atDesk] = [await alice.events(), await desk.events()];
    const key = random();
    await alice.say(chat, 'from the phone', { device: 'phone', key });
    const own = await atDesk.until(isNew);
    expect(own.data.idempotency_key).toBe(key);
    await bob.say(chat, 'to both');
    for (const reader of [atPhone, atDesk])
      await reader.until((it) => isNew(it) && textOf(it) === 'to both');
    expect(atPhone.events.filter(isNew)).toHaveLength(1);
  });

  it('ends with the device that it is of, and so does the login', async () => {
    await alice.putDevices([{ id: 'phone' }, { id: 'desk' }]);
    const desk = await gatekeeper.login(`alice${n}`, 'desk');
    const atDesk = await desk.events();
    await alice.putDevices([{ id: 'phone' }]);
    await atDesk.ended;
    expect(codeOf(await desk.call('GET', '/blocks'))).toBe('unauthorized_provider');
  });
});
