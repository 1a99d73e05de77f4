import { randomBytes } from 'node:crypto';
import {
  BadWire,
  type CipherSuite,
  type DeviceIdentity,
  type Group,
  type Position,
  suites,
  type Wire,
} from '#gia';

export const bytes = (text: string) => new TextEncoder().encode(text);
export const text = (content: Uint8Array) => new TextDecoder().decode(content);
export const newLife = () => new Uint8Array(randomBytes(16));

export async function refusalOf(step: () => Promise<unknown>): Promise<string> {
  try {
    await step();
    return 'none';
  } catch (error) {
    if (error instanceof BadWire) return error.code;
    throw error;
  }
}

export async function newDevice(suite: CipherSuite, name: string): Promise<DeviceIdentity> {
  return { name, keys: await suite.newDeviceKeys() };
}

/** A device in a conversation, whose state is committed by itself: what it encrypts is sent by the test. */
export class Talker {
  group: Group;
  life = newLife();
  readonly suite: CipherSuite;
  constructor(suite: CipherSuite, group: Group) {
    this.suite = suite;
    this.group = group;
  }

  async say(content: string): Promise<readonly Wire[]> {
    const { group, wires } = await this.suite.encrypt(this.group, bytes(content), this.life);
    this.group = group;
    return wires;
  }

  async hear(wire: Wire): Promise<string> {
    const heard = await this.suite.decrypt(this.group, wire.bytes);
    this.group = heard.group;
    return heard.kind === 'said' ? text(heard.content) : heard.kind;
  }

  async hearAll(wires: readonly Wire[]): Promise<readonly string[]> {
    const heard: string[] = [];
    for (const wire of wires) heard.push(await this.hear(wire));
    return heard;
  }

  /** As the hub shows one's own changes to their sender, too. */
  async settle(wires: readonly Wire[]): Promise<void> {
    for (const wire of wires) if (wire.type === 'handshake') await this.hear(wire);
  }
}

export interface Conversation {
  readonly ann: Talker;
  readonly others: readonly Talker[];
}

/** Ann begins it with these, who are all welcome. */
export async function converse(
  suite: CipherSuite,
  names: readonly string[],
): Promise<Conversation> {
  const annsDevice = await newDevice(suite, 'ann/phone');
  const devices = await Promise.all(names.map((name) => newDevice(suite, name)));
  const packages = await Promise.all(devices.map((device) => suite.newKeyPackages(device, 1)));
  const life = newLife();
  const { group, wires } = await suite.found(annsDevice, {
    ...{ conversation: 'cv_1', epoch: 0, life },
    keyPackages: packages.flatMap((list) => list.map(({ published }) => published)),
  });
  const ann = new Talker(suite, group);
  ann.life = life;
  const others = packages.map(async (list) => {
    const welcome = wires.find(({ type }) => type === 'welcome')?.bytes;
    const joined =
      welcome &&
      (await suite.join(
        welcome,
        list.map(({ stored }) => stored),
      ));
    return new Talker(suite, joined?.group ?? suite.blank ?? new Uint8Array());
  });
  return { ann, others: await Promise.all(others) };
}

export const types = (wires: readonly Wire[]) => wires.map(({ type }) => type);
export const of = (wires: readonly Wire[], type: Wire['type']) =>
  wires.find((wire) => wire.type === type)!;
export const key = ({ groupId, epoch, leaf, generation }: Position) =>
  `${groupId} ${epoch} ${leaf} ${generation}`;

/** Two people who speak MLS, with a device each. */
export async function pair() {
  const { ann, others } = await converse(suites['mls10/1'], ['bob/phone']);
  return { ann, bob: others[0]! };
}

export async function saying(talker: Talker, ...contents: readonly string[]): Promise<Wire[]> {
  const wires: Wire[] = [];
  for (const content of contents) wires.push(...(await talker.say(content)));
  return wires;
}
