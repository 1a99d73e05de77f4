import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalUser, useGatekeeper } from './support/gatekeeper.ts';
import { type TestProvider, type TestUser, textOf } from './support/provider.ts';
import { random } from './support/signer.ts';
import { codeOf } from './support/wire.ts';

const gatekeeper = useGatekeeper({ rates: { firstContacts: { burst: 100, perSecond: 1 } } });
let provider: TestProvider;
let bob: TestUser;
let alice: LocalUser;
let chat: string;

beforeAll(async () => {
  provider = await gatekeeper.provider('bobchat.example');
  bob = await provider.enlist('bob');
  alice = await gatekeeper.local('alice');
  chat = await bob.talkTo(alice);
});

const phone = { device: 'phone' };
const isNew = ({ type }: { type: string }) => type === 'message.new';

describe('a conversation', () => {
  it('is one for two people and a suite, whoever asks', async () => {
    expect(await alice.talkTo(bob)).toBe(chat);
    expect(await alice.talkTo(bob, 'mls10/1')).not.toBe(chat);
  });

  it('says who takes part, through what, and who can read', async () => {
    const { body } = await alice.call('GET', `/conversations/${chat}`);
    expect(body).toMatchObject({ type: 'dm', suite: 'e2b/1', epoch: 0, level: 'transport_only' });
    expect(body.conv_uri).toBe(`mimi://alicechat.example/r/${chat}`);
    expect(body.participants.map((it: { kind: string }) => it.kind).sort()).toEqual([
      'bridge',
      'person',
    ]);
  });

  it('is told of to both sides', async () => {
    const carol = await provider.enlist('carol');
    const [atBob, atAlice] = [await gatekeeper.reading(provider.events()), await alice.events()];
    const made = await carol.talkTo(alice);
    for (const reader of [atBob, atAlice])
      await reader.until(
        ({ type, conv_id }) => type === 'conversation.created' && conv_id === made,
      );
  });

  it('of others is as good as none', async () => {
    const mallory = await provider.enlist('mallory');
    const what = [
      mallory.call('GET', `/conversations/${chat}`),
      mallory.say(chat, 'hi'),
      mallory.call('POST', `/conversations/${chat}/ephemeral`, {
        body: { kind: 'typing', sender_device: 'bridge', active: true },
      }),
    ];
    for (const answer of await Promise.all(what)) expect(codeOf(answer)).toBe('not_found');
  });

  it('is refused where it is not of two, of a suite that is not here, with nobody or with oneself', async () => {
    const ask = async (body: object) =>
      codeOf(
        await bob.call('POST', '/conversations', {
          body: { type: 'dm', peer: alice.ref, suite: 'e2b/1', ...body },
        }),
      );
    expect(await ask({ type: 'group' })).toBe('capability_not_enabled');
    expect(await ask({ suite: 'olm/1' })).toBe('suite_mismatch');
    expect(await ask({ peer: `ix:0:${'0'.repeat(32)}` })).toBe('not_found');
    expect(await ask({ peer: bob.ref })).toBe('invalid_request');
  });

  it('is found in pages, oldest first', async () => {
    const first = await alice.call('GET', '/conversations?limit=1');
    expect(first.body.conversations).toHaveLength(1);
    const { body } = await alice.call('GET', `/conversations?after=${first.body.next}`);
    expect(body.conversations.length).toBeGreaterThan(0);
    expect(body.conversations[0].conv_id).not.toBe(first.body.conversations[0].conv_id);
  });
});

describe('a message', () => {
  it('comes to the other side in the order of the hub', async () => {
    const reader = await alice.events();
    const answers = [];
    for (const text of ['one', 'two', 'three']) answers.push(await bob.say(chat, text));

    const last = await reader.until((event) => isNew(event) && textOf(event) === 'three');
    const heard = reader.events.filter(isNew);
    expect(heard.map(textOf)).toEqual(['one', 'two', 'three']);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const [first] = answers;
    const inARow = [0, 1, 2].map((n) => first?.body.seq + n);
    expect(answers.map(({ body }) => body.seq)).toEqual(inARow);
    expect(heard.map(({ data }) => data.seq)).toEqual(inARow);
    expect(last).toMatchObject({
      to: { user_ref: alice.ref, device: 'phone' },
      conv_id: chat,
      data: { from: { user_ref: bob.ref, device: 'bridge' }, suite: 'e2b/1', type: 'application' },
    });
    expect(last.data.idempotency_key).toBeUndefined();
  });

  it('comes to a provider in its one stream, with whom it is for', async () => {
    const reader = await gatekeeper.reading(provider.events());
    await alice.say(chat, 'hello Bob', phone);
    const event = await reader.until((it) => isNew(it) && textOf(it) === 'hello Bob');
    expect(event.to).toEqual({ user_ref: bob.ref, device: 'bridge' });
  });

  it('between two users of one provider carries the key by which it knows its own', async () => {
    const carol = await provider.enlist('carola');
    const reader = await gatekeeper.reading(provider.events());
    const key = random();
    await bob.say(await bob.talkTo(carol), 'psst', { key });
    const event = await reader.until((it) => isNew(it) && textOf(it) === 'psst');
    expect(event.data.idempotency_key).toBe(key);
  });

  it('that is sent again is answered alike, and comes once', async () => {
    const reader = await alice.events();
    const key = random();
    const first = await bob.say(chat, 'again', { key });
    const second = await bob.say(chat, 'again', { key });
    expect(second.body).toEqual(first.body);
    expect(second.status).toBe(202);
    await bob.say(chat, 'after');
    await reader.until((it) => isNew(it) && textOf(it) === 'after');
    expect(reader.events.filter((it) => isNew(it) && textOf(it) === 'again')).toHaveLength(1);
  });

  it('is answered though the answer was lost, the gatekeeper restarted and the devices are others', async () => {
    const dora = await provider.enlist('dora');
    const withDora = await dora.talkTo(alice);
    const key = random();
    gatekeeper.gatekeeper.faults.next('sendMessage', 'drop');
    const body = {
      suite: 'e2b/1',
      sender_device: 'bridge',
      payloads: [
        { to: { user_ref: alice.ref, device: 'phone' }, type: 'application', body: 'aGk' },
      ],
      client_ts: 1,
    };
    const say = (more = {}) =>
      dora.call('POST', `/conversations/${withDora}/messages`, {
        body: { ...body, ...more },
        headers: { 'idempotency-key': key },
      });
    await expect(say()).rejects.toThrow();
    await alice.putDevices([{ id: 'phone' }, { id: 'tablet' }]);
    await gatekeeper.restart();

    expect((await say()).body).toMatchObject({ seq: 1 });
    expect(codeOf(await say({ client_ts: 2 }))).toBe('idempotency_conflict');
    await alice.putDevices([{ id: 'phone' }]);
  });

  it('that was refused has not used up its key', async () => {
    const key = random();
    const refused = await bob.say(chat, 'x', { key, more: { suite: 'mls10/1', epoch: 0 } });
    expect(codeOf(refused)).toBe('suite_mismatch');
    expect((await bob.say(chat, 'x', { key })).status).toBe(202);
  });

  it('is remembered for seven days', async () => {
    const key = random();
    const { body } = await bob.say(chat, 'old', { key });
    gatekeeper.turnClock(6.9 * 86_400_000);
    await gatekeeper.gatekeeper.sweep();
    // A token of now is one of the past there.
    const iat = Math.floor(Date.now() / 1000 + 6.9 * 86_400);
    const again = await bob.call('POST', `/conversations/${chat}/messages`, {
      body: {
        suite: 'e2b/1',
        sender_device: 'bridge',
        payloads: [
          { to: 'group', type: 'application', body: Buffer.from('old').toString('base64url') },
        ],
        client_ts: 1,
      },
      headers: { 'idempotency-key': key },
      claims: { iat, exp: iat + 60 },
    });
    gatekeeper.turnClock(-6.9 * 86_400_000);
    expect(again.body).toEqual(body);
  });

  it('to nobody is not accepted', async () => {
    const nobody = await gatekeeper.local('nobody', []);
    expect(codeOf(await bob.say(await bob.talkTo(nobody), 'hi'))).toBe('keys_exhausted');
  });

  it('from a device that is not listed, or of another login, is refused', async () => {
    expect(codeOf(await bob.say(chat, 'hi', { device: 'laptop' }))).toBe('invalid_request');
    await alice.putDevices([{ id: 'phone' }, { id: 'desk' }]);
    expect(codeOf(await alice.say(chat, 'hi', { device: 'desk' }))).toBe('forbidden');
    await alice.putDevices([{ id: 'phone' }]);
  });
});

describe('blocking', () => {
  it('drops what comes, for a local and for a remote user, and the sender is answered as ever', async () => {
    const eve = await provider.enlist('eve');
    const anna = await gatekeeper.local('anna');
    const theirs = await eve.talkTo(anna);
    for (const [blocker, blocked, device] of [
      [anna, eve, 'bridge'],
      [eve, anna, 'phone'],
    ] as const) {
      await blocker.call('PUT', `/blocks/${blocked.ref}`);
      expect((await blocker.call('GET', '/blocks')).body).toEqual({ blocked: [blocked.ref] });
      expect((await blocked.say(theirs, 'unheard', { device })).status).toBe(202);
      await blocker.call('DELETE', `/blocks/${blocked.ref}`);
      expect((await blocked.say(theirs, 'heard', { device })).status).toBe(202);
    }
    const [atAnna, atEve] = [await anna.events(), await gatekeeper.reading(provider.events())];
    for (const reader of [atAnna, atEve]) {
      await reader.until((it) => isNew(it) && textOf(it) === 'heard');
      expect(reader.events.filter((it) => isNew(it) && textOf(it) === 'unheard')).toEqual([]);
    }
  });
});

describe('what people do in passing', () => {
  const tell = (user: TestUser, body: object) =>
    user.call('POST', `/conversations/${chat}/ephemeral`, {
      body: { sender_device: 'bridge', ...body },
    });

  it('is told to whoever listens, and kept nowhere', async () => {
    const reader = await alice.events();
    expect((await tell(bob, { kind: 'typing', active: true })).status).toBe(202);
    const event = await reader.until(({ type }) => type === 'typing');
    expect(event).toMatchObject({ conv_id: chat, data: { from: bob.ref, active: true } });
    expect(event.cursor).toBeUndefined();
  });

  it('of receipts keeps the newest', async () => {
    const [one, two] = [await alice.say(chat, '1', phone), await alice.say(chat, '2', phone)];
    const upTo = ({ body }: typeof one) => ({ msg_id: body.msg_id, seq: body.seq });
    for (const it of [one, two]) await tell(bob, { kind: 'read', up_to: upTo(it) });
    const reader = await alice.events();
    await reader.until(({ type, data }) => type === 'receipt' && data.up_to.seq === two.body.seq);
    expect(reader.events.filter(({ type }) => type === 'receipt')).toHaveLength(1);
  });

  it('is refused of a message that is not of the conversation', async () => {
    const up_to = { msg_id: 'ms_0123456789abcdef', seq: 1 };
    expect(codeOf(await tell(bob, { kind: 'delivery', up_to }))).toBe('invalid_request');
  });
});
