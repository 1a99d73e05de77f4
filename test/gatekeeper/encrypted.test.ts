import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DeviceIdentity, deviceNameOf, suites } from '../../gia/index.ts';
import { type LocalUser, useGatekeeper } from './support/gatekeeper.ts';
import type { TestProvider, TestUser } from './support/provider.ts';
import { codeOf } from './support/wire.ts';

const gatekeeper = useGatekeeper();
const mls = suites['mls10/1'];
const life = randomBytes(16);
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
let provider: TestProvider;

beforeAll(async () => {
  provider = await gatekeeper.provider('bobchat.example');
});

/** A device with real keys, its list, and some key packages at the gatekeeper. */
async function withKeys(user: TestUser, id: string) {
  const device: DeviceIdentity = {
    name: deviceNameOf({ user_ref: user.ref, device: id }),
    keys: await mls.newDeviceKeys(),
  };
  await user.putDevices([{ id, signature_keys: { 'mls10/1': base64url(device.keys.publicKey) } }]);
  const packages = await mls.newKeyPackages(device, 2);
  const key_packages = packages.map(({ published }) => base64url(published));
  const body = { suite: 'mls10/1', key_packages };
  await user.call('POST', `/users/${user.ref}/devices/${id}/keys`, { body });
  return { user, id, device, stored: packages.map(({ stored }) => stored) };
}

type Party = Awaited<ReturnType<typeof withKeys>>;
const addressOf = ({ user, id }: Party) => ({ user_ref: user.ref, device: id });

/** Begins a conversation as the papers say, and says one thing in it. */
async function say(from: Party, to: Party, text: Uint8Array) {
  const chat = await from.user.talkTo(to.user, 'mls10/1');
  const claim = {
    suite: 'mls10/1',
    sender_device: from.id,
    targets: [{ user_ref: to.user.ref, devices: 'all' }],
  };
  const { body } = await from.user.call('POST', '/keys/claim', { body: claim });
  const keyPackages = [bytesOf(body.users[0].devices[0].key_package)];
  const begun = await mls.found(from.device, { conversation: chat, epoch: 0, keyPackages, life });
  const send = (wires: typeof begun.wires, more = {}) =>
    from.user.say(chat, '', {
      device: from.id,
      more: {
        suite: 'mls10/1',
        epoch: wires[0]?.epoch,
        payloads: wires.map(({ type, bytes }) => ({
          to: type === 'welcome' ? addressOf(to) : 'group',
          type,
          body: base64url(bytes),
        })),
        ...more,
      },
    });
  expect(codeOf(await send(begun.wires, { members: [addressOf(from), addressOf(to)] }))).toBe(202);
  const said = await mls.encrypt(begun.group, text, life);
  expect(codeOf(await send(said.wires))).toBe(202);
  return chat;
}

/** Whether any file of the gatekeeper has these bytes, or what base64url makes of them, wherever they begin. */
function isOnDisk(marker: Uint8Array): boolean {
  const forms = [
    Buffer.from(marker),
    ...[0, 1, 2].map((skip) => Buffer.from(base64url(marker.subarray(skip)).slice(0, -4))),
  ];
  return readdirSync(gatekeeper.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(gatekeeper.folder, name))
    .filter((path) => statSync(path).isFile())
    .some((path) => {
      const bytes = readFileSync(path);
      return forms.some((form) => bytes.includes(form));
    });
}

describe('what is said in mls10/1', () => {
  it.each([
    ['a remote user to a local one', 'remote', 'local'],
    ['a local user to a remote one', 'local', 'remote'],
    ['a local user to a local one', 'local', 'local'],
  ] as const)('by %s is read there, and lies nowhere at the gatekeeper', async (what, from, to) => {
    const name = what.replaceAll(' ', '');
    const make = (kind: 'local' | 'remote', side: string): Promise<TestUser | LocalUser> =>
      kind === 'local'
        ? gatekeeper.local(`${name}${side}`, [{ id: 'phone' }])
        : provider.enlist(`${name}${side}`, []);
    const sender = await withKeys(await make(from, 'a'), 'phone');
    const receiver = await withKeys(await make(to, 'b'), 'phone');
    const marker = randomBytes(64);
    const chat = await say(sender, receiver, marker);

    const reader =
      'events' in receiver.user
        ? await (receiver.user as LocalUser).events()
        : await gatekeeper.reading(provider.events());
    const ofChat = (type: string) =>
      reader.until(({ conv_id, data }) => conv_id === chat && data.type === type);
    const welcome = await ofChat('welcome');
    const { group } = await mls.join(bytesOf(welcome.data.body), receiver.stored);
    const heard = await mls.decrypt(group, bytesOf((await ofChat('application')).data.body));
    expect(heard.kind === 'said' && Buffer.from(heard.content).equals(marker)).toBe(true);
    expect(heard.kind === 'said' && heard.from?.name).toBe(sender.device.name);
    expect(isOnDisk(marker)).toBe(false);
    expect((await sender.user.call('GET', `/conversations/${chat}`)).body).toMatchObject({
      epoch: 1,
      level: 'end_to_end',
    });
  });

  it('would be found, if it lay there: in e2b/1 it does, and the level says so', async () => {
    const bob = await provider.enlist('bob');
    const alice = await gatekeeper.local('alice');
    const marker = randomBytes(64);
    const chat = await bob.talkTo(alice);
    const payloads = [{ to: 'group', type: 'application', body: base64url(marker) }];
    await bob.say(chat, '', { more: { payloads } });
    expect(isOnDisk(marker)).toBe(true);
    expect((await bob.call('GET', `/conversations/${chat}`)).body.level).toBe('transport_only');
  });
});
