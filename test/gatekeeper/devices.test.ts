import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalUser, useGatekeeper } from './support/gatekeeper.ts';
import type { TestProvider, TestUser } from './support/provider.ts';
import { deviceList, keyPair } from './support/signer.ts';
import { codeOf } from './support/wire.ts';

const gatekeeper = useGatekeeper();
let provider: TestProvider;
let alice: LocalUser;
let bob: TestUser;

beforeAll(async () => {
  provider = await gatekeeper.provider('bobchat.example');
  alice = await gatekeeper.local('alice');
  bob = await provider.enlist('bob');
});

const put = (user: TestUser, list: string, more = {}) =>
  user.call('PUT', `/users/${user.ref}/devices`, { body: { list, ...more } });

describe('a device list', () => {
  it('is given to others as it was signed', async () => {
    const list = await deviceList(
      bob.ref,
      2,
      [{ id: 'bridge', kind: 'bridge', operator: 'BobChat' }],
      bob.account,
    );
    expect((await put(bob, list)).body).toEqual({ user_ref: bob.ref, v: 2, list });
    expect((await put(bob, list)).body.v).toBe(2);
    expect((await alice.call('GET', `/users/${bob.ref}/devices`)).body).toEqual({
      user_ref: bob.ref,
      v: 2,
      list,
    });
  });

  it('goes one version further each time', async () => {
    for (const v of [1, 2, 4]) {
      const refused = await put(bob, await deviceList(bob.ref, v, [{ id: 'other' }], bob.account));
      expect(codeOf(refused)).toBe('conflict');
      expect(refused.body.current).toBe(2);
    }
  });

  it('is refused when it was changed, is of somebody else, or names a device twice', async () => {
    const good = await deviceList(bob.ref, 3, [{ id: 'bridge' }], bob.account);
    const [header, payload = '', signature] = good.split('.');
    const changed = Buffer.from(payload, 'base64url').toString().replace('phone', 'desktop');
    const forged = [header, Buffer.from(changed).toString('base64url'), signature].join('.');
    expect(codeOf(await put(bob, forged))).toBe('invalid_request');
    const ofAlice = await deviceList(alice.ref, 3, [], bob.account);
    expect(codeOf(await put(bob, ofAlice))).toBe('invalid_request');
    const twice = await deviceList(bob.ref, 3, [{ id: 'a' }, { id: 'a' }], bob.account);
    expect(codeOf(await put(bob, twice))).toBe('invalid_request');
    expect(codeOf(await put(alice, good))).toBe('invalid_request');
    expect(
      codeOf(await alice.call('PUT', `/users/${bob.ref}/devices`, { body: { list: good } })),
    ).toBe('forbidden');
  });

  it('of another account key needs a reset, and whoever talks to them is told of both', async () => {
    const dora = await provider.enlist('dora');
    await dora.talkTo(alice);
    const reader = await alice.events();
    const other = await keyPair();
    expect(codeOf(await dora.putDevices([{ id: 'bridge' }], other))).toBe('conflict');
    expect((await dora.putDevices([{ id: 'bridge' }], other, true)).status).toBe(200);
    const { data } = await reader.until(({ type }) => type === 'identity.changed');
    expect(data).toEqual({ user_ref: dora.ref, old: dora.account.jwk.kid, new: other.jwk.kid });
  });

  it('that has a bridge makes a chat say so', async () => {
    const finn = await gatekeeper.local('finn');
    const chat = await finn.talkTo(alice, 'mls10/1');
    const level = async () => (await finn.call('GET', `/conversations/${chat}`)).body.level;
    const reader = await alice.events();
    expect(await level()).toBe('end_to_end');
    await finn.putDevices([{ id: 'phone' }, { id: 'b', kind: 'bridge' }]);
    expect(await level()).toBe('end_to_user_bridge');
    await finn.putDevices([{ id: 'phone' }, { id: 'b', kind: 'bridge', operator: 'B GmbH' }]);
    expect(await level()).toBe('end_to_bridge');
    const told = await reader.until(
      ({ type, data }) => type === 'conversation.updated' && data.level === 'end_to_bridge',
    );
    expect(told.data.participants).toContainEqual(
      expect.objectContaining({ kind: 'bridge', operator: 'B GmbH' }),
    );
  });

  it('that hides a bridge is refused where the provider has only these', async () => {
    const bridges = await gatekeeper.provider('bridges.example', {
      trustsAuth: true,
      bridgesOnly: true,
    });
    const gus = await bridges.enlist('gus');
    expect(codeOf(await gus.putDevices([{ id: 'phone', kind: 'phone' }]))).toBe(
      'blocked_by_policy',
    );
  });
});

describe('key packages', () => {
  const package_ = (name: string) => createHash('sha256').update(name).digest('base64url');
  const upload = (user: TestUser, key_packages: string[], more = {}) =>
    user.call('POST', `/users/${user.ref}/devices/bridge/keys`, {
      body: { suite: 'mls10/1', key_packages, ...more },
    });
  const claim = (of: TestUser, more = {}) =>
    alice.call('POST', '/keys/claim', {
      body: {
        suite: 'mls10/1',
        sender_device: 'phone',
        targets: [{ user_ref: of.ref, devices: 'all', ...more }],
      },
    });

  it('are handed out once each, and what was handed out is not taken again', async () => {
    const ida = await provider.enlist('ida');
    const two = [package_('i1'), package_('i2')];
    expect((await upload(ida, two)).body).toEqual({
      suite: 'mls10/1',
      count: 2,
      last_resort: false,
    });
    const got = [];
    for (let n = 0; n < 2; n++) got.push((await claim(ida)).body.users[0].devices[0].key_package);
    expect(got).toEqual(two);
    expect((await upload(ida, two)).body.count).toBe(0);
    const { body } = await claim(ida);
    expect(body.users[0]).toEqual({
      user_ref: ida.ref,
      status: 'none_compatible',
      devices: [{ device: 'bridge', status: 'exhausted' }],
    });
  });

  it('end with the last resort, which is handed out again and again', async () => {
    const jan = await provider.enlist('jan');
    await upload(jan, [], { last_resort: package_('last') });
    for (let n = 0; n < 2; n++)
      expect((await claim(jan)).body.users[0].devices[0]).toEqual({
        device: 'bridge',
        status: 'success',
        key_package: package_('last'),
        last_resort: true,
      });
  });

  it('that are few are told of', async () => {
    const kai = await provider.enlist('kai');
    const reader = await gatekeeper.reading(provider.events());
    await upload(kai, [package_('k1'), package_('k2')]);
    await claim(kai);
    const { data } = await reader.until(
      ({ type, to }) => type === 'keys.low' && to?.user_ref === kai.ref,
    );
    expect(data).toEqual({ suite: 'mls10/1', count: 1 });
  });

  it('say for each target what became of it', async () => {
    const lea = await provider.enlist('lea');
    await lea.call('DELETE', `/users/${lea.ref}`);
    const nobody = `ix:1:${'0'.repeat(32)}`;
    const { body } = await alice.call('POST', '/keys/claim', {
      body: {
        suite: 'mls10/1',
        sender_device: 'phone',
        targets: [
          { user_ref: lea.ref, devices: 'all' },
          { user_ref: nobody, devices: 'all' },
          { user_ref: bob.ref, devices: ['bridge', 'none'] },
        ],
      },
    });
    expect(body.users.map(({ status }: { status: string }) => status)).toEqual([
      'deleted',
      'unknown',
      'none_compatible',
    ]);
    expect(body.users[2].devices[1]).toEqual({ device: 'none', status: 'nothing_compatible' });
  });

  it('go with the keys of their device', async () => {
    const mo = await provider.enlist('mo');
    await upload(mo, [package_('m1')]);
    await mo.putDevices([{ id: 'bridge', kind: 'bridge', signature_keys: { 'mls10/1': 'AAAA' } }]);
    const { body } = await mo.call('GET', `/users/${mo.ref}/devices/bridge/keys?suite=mls10/1`);
    expect(body.count).toBe(0);
  });

  it('are not for a suite that has none, or a device that is not listed', async () => {
    const of = (device: string, suite: string) =>
      bob.call('POST', `/users/${bob.ref}/devices/${device}/keys`, {
        body: { suite, key_packages: [] },
      });
    expect(codeOf(await of('bridge', 'e2b/1'))).toBe('suite_mismatch');
    expect(codeOf(await of('none', 'mls10/1'))).toBe('not_found');
  });
});

describe('a group of mls10/1', () => {
  const address = (user: TestUser, device: string) => ({ user_ref: user.ref, device });
  const payload = (to: unknown, type: string, text = type) => ({
    to,
    type,
    body: Buffer.from(text).toString('base64url'),
  });

  async function begin(name: string) {
    const user = await provider.enlist(name);
    const chat = await user.talkTo(alice, 'mls10/1');
    const send = (epoch: number, payloads: object[], more = {}) =>
      user.say(chat, '', { more: { suite: 'mls10/1', epoch, payloads, ...more } });
    const members = [address(user, 'bridge'), address(alice, 'phone')];
    const commit = (epoch: number, of = members) =>
      send(epoch, [payload('group', 'handshake'), payload(address(alice, 'phone'), 'welcome')], {
        members: of,
      });
    return { user, chat, send, commit, members };
  }

  it('moves its epoch by one with each handshake, which needs the one that is', async () => {
    const { user, chat, commit, send } = await begin('ned');
    expect(codeOf(await commit(0))).toBe(202);
    const stale = await commit(0);
    expect(codeOf(stale)).toBe('wrong_epoch');
    expect(stale.body.current).toBe(1);
    expect(codeOf(await send(0, [payload('group', 'application')]))).toBe('wrong_epoch');
    expect(codeOf(await send(1, [payload('group', 'application')]))).toBe(202);
    expect((await user.call('GET', `/conversations/${chat}`)).body.epoch).toBe(1);
  });

  it('gives the welcome to the new device, and the handshake to those that were in it', async () => {
    const { chat, commit } = await begin('ole');
    const reader = await alice.events();
    await commit(0);
    const welcome = await reader.until(
      ({ type, conv_id }) => type === 'message.new' && conv_id === chat,
    );
    expect(welcome.data).toMatchObject({ type: 'welcome', epoch: 0, suite: 'mls10/1' });
    await commit(1);
    await reader.until(({ conv_id, data }) => conv_id === chat && data.type === 'handshake');
  });

  it('tells whose picture of the devices is not how it is', async () => {
    const { user, send, commit, members } = await begin('pia');
    const before = await send(0, [payload('group', 'application')]);
    expect(codeOf(before)).toBe('device_mismatch');
    expect(before.body.missing).toHaveLength(2);
    const ghost = address(alice, 'ghost');
    const wrong = await commit(0, [...members, ghost]);
    expect(wrong.body).toMatchObject({ code: 'device_mismatch', extra: [ghost], missing: [] });
    expect(codeOf(await commit(0))).toBe(202);

    await alice.putDevices([{ id: 'phone' }, { id: 'desk' }]);
    const more = await send(1, [payload('group', 'application')]);
    expect(more.body).toMatchObject({
      code: 'device_mismatch',
      missing: [address(alice, 'desk')],
      extra: [],
    });
    await alice.putDevices([{ id: 'phone', signature_keys: { 'mls10/1': 'AAAA' } }]);
    const other = await send(1, [payload('group', 'application')]);
    expect(other.body).toMatchObject({
      code: 'device_mismatch',
      stale: [address(alice, 'phone')],
      missing: [],
    });
    expect(codeOf(await commit(1))).toBe(202);
    expect(codeOf(await send(2, [payload('group', 'application')]))).toBe(202);
    await user.putDevices([]);
    expect(
      codeOf(
        await alice.say(await alice.talkTo(user, 'mls10/1'), '', {
          device: 'phone',
          more: { suite: 'mls10/1', epoch: 2, payloads: [payload('group', 'application')] },
        }),
      ),
    ).toBe('keys_exhausted');
  });
});
