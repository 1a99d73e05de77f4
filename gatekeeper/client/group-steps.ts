import {
  addressIn,
  BadWire,
  type CipherSuite,
  type DeviceIdentity,
  type Group,
  type MessageSend,
  type Payload,
  type Step,
  suites,
  type Wire,
} from '#gia';
import type { Own } from './device.ts';
import { type ListedDevice, listedDevices } from './people.ts';

export interface Conversation {
  readonly id: string;
  readonly uri: string;
  readonly suite: CipherSuite['id'];
  readonly users: readonly string[];
}

export interface Speaker {
  readonly own: Own;
  readonly identity: DeviceIdentity;
  readonly life: Uint8Array;
}

type Request = Omit<MessageSend, 'client_ts'>;

export interface Encoded {
  readonly group: Group;
  /** In order, each one message of the interface. */
  readonly requests: readonly Request[];
}

/**
 * Encrypts; where there is no group yet, or devices came and went, it first sees to it that those in it are those that people have.
 * @throws BadWire, IdentityChanged
 */
export async function encode(
  speaker: Speaker,
  conversation: Conversation,
  from: {
    readonly group: Group | undefined;
    /** Absent: nothing is said, the group is only begun. */
    readonly content: Uint8Array | undefined;
    readonly isAligned: boolean;
  },
): Promise<Encoded> {
  const suite = suites[conversation.suite];
  const before = from.group ?? suite.blank;
  const isReady = before && (from.isAligned || !suite.isEndToEnd);
  const aligned = isReady
    ? { group: before, wires: [], added: [] }
    : await align(speaker, conversation, before);
  const said = from.content
    ? await suite.encrypt(aligned.group, from.content, speaker.life)
    : { group: aligned.group, wires: [] };
  const { members } = await suite.look(said.group);
  const after = members.map(({ name }) => addressIn(name));
  const wires = [...aligned.wires, ...said.wires];
  return {
    group: said.group,
    requests: requestsOf(wires, { speaker, suite, after, added: aligned.added }),
  };
}

interface Aligned extends Step {
  readonly added: readonly string[];
}

async function align(
  { own, identity, life }: Speaker,
  { id, users, suite: suiteId }: Conversation,
  group: Group | null,
): Promise<Aligned> {
  const suite = suites[suiteId];
  const devices = await listedDevices(own.connection, own.store, { users, suite: suiteId });
  const members = group ? (await suite.look(group)).members : [];
  const isListed = (name: string, key: Uint8Array) =>
    devices.some(
      (it) => it.name === name && it.publicKey && Buffer.compare(it.publicKey, key) === 0,
    );
  const remove = members.filter(({ name, publicKey }) => !isListed(name, publicKey));
  const staying = new Set(members.filter((it) => !remove.includes(it)).map(({ name }) => name));
  const missing = devices.filter(({ name }) => !staying.has(name) && name !== identity.name);
  if (group && missing.length === 0 && remove.length === 0) return { group, wires: [], added: [] };
  const add = await claim(own, { conversation: id, suite, devices: missing });
  const added = missing.map(({ name }) => name);
  if (group) return { ...(await suite.change(group, { add, remove }, life)), added };
  const { epoch } = await own.connection.call('getConversation', { params: { conv_id: id } });
  const founding = { conversation: id, epoch, keyPackages: add, life };
  return { ...(await suite.found(identity, founding)), added };
}

interface Claiming {
  readonly conversation: string;
  readonly suite: CipherSuite;
  readonly devices: readonly ListedDevice[];
}

/** A key package of each, which must be of whom it is claimed for. */
async function claim(own: Own, { conversation, suite, devices }: Claiming) {
  const wanted = devices.map(({ name }) => addressIn(name));
  const users = [...new Set(wanted.map(({ user_ref }) => user_ref))];
  const targets = users.map((user_ref) => ({
    user_ref,
    devices: wanted.filter((it) => it.user_ref === user_ref).map(({ device }) => device),
  }));
  if (targets.length === 0) return [];
  const body = { suite: suite.id, sender_device: own.device, conv_id: conversation, targets };
  const claimed = await own.connection.call('claimKeys', { body });
  const packages = claimed.users
    .flatMap((user) => user.devices)
    .flatMap((it) => it.key_package ?? []);
  const bytes = packages.map((it) => new Uint8Array(Buffer.from(it, 'base64url')));
  for (const published of bytes) {
    const { name, publicKey } = await suite.readKeyPackage(published);
    const listed = devices.find((device) => device.name === name)?.publicKey;
    if (!listed || Buffer.compare(listed, publicKey) !== 0)
      throw new BadWire('bad_key_package', `not what ${name} signed`);
  }
  if (bytes.length < devices.length) throw new BadWire('bad_key_package', 'some have none left');
  return bytes;
}

interface Sending {
  readonly speaker: Speaker;
  readonly suite: CipherSuite;
  readonly after: readonly { user_ref: string; device: string }[];
  readonly added: readonly string[];
}

/** A welcome goes along with the handshake before it. */
function requestsOf(wires: readonly Wire[], sending: Sending): readonly Request[] {
  const { speaker, suite, after, added } = sending;
  const first = wires.filter(({ type }) => type !== 'welcome');
  return first.map((wire, at) => {
    const isHandshake = wire.type === 'handshake';
    const welcome =
      at === 0 && isHandshake ? wires.find(({ type }) => type === 'welcome') : undefined;
    return {
      ...{ suite: suite.id, sender_device: speaker.own.device },
      ...(suite.isEndToEnd && { epoch: wire.epoch }),
      ...(isHandshake && { members: [...after] }),
      payloads: [
        payload(wire, 'group'),
        ...(welcome ? added.map((name) => payload(welcome, addressIn(name))) : []),
      ],
    };
  });
}

const payload = ({ type, bytes }: Wire, to: Payload['to']): Payload => ({
  ...{ to, type },
  body: Buffer.from(bytes).toString('base64url'),
});
