import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createApplicationMessage, encodeMlsMessage } from 'ts-mls';
import { describe, expect, it } from 'vitest';
import { positionOf, suites, type Wire } from '#gia';
import { truePositionOf } from '../../../gia/suites/mls/decrypt.ts';
import { cipher } from '../../../gia/suites/mls/library.ts';
import { thaw } from '../../../gia/suites/mls/stored.ts';
import {
  bytes,
  converse,
  key,
  newDevice,
  newLife,
  of,
  pair,
  refusalOf,
  saying,
  Talker,
  types,
} from './talk.ts';

const suite = suites['mls10/1'];

describe('what is encrypted', () => {
  it('shows nothing of what is said', async () => {
    const { ann } = await pair();
    const marker = randomBytes(32).toString('hex');
    const [wire] = await ann.say(marker);

    expect(Buffer.from(wire!.bytes).includes(marker)).toBe(false);
    expect(Buffer.from(wire!.bytes).includes(Buffer.from(marker, 'hex'))).toBe(false);
  });

  it('says who said it, so that the hub need not be believed', async () => {
    const { ann, others } = await converse(suite, ['bob/phone', 'ann/desk']);
    const [wire] = await ann.say('hello');
    const heard = await suite.decrypt(others[0]!.group, wire!.bytes);
    const { members, self } = await suite.look(ann.group);

    expect(heard).toMatchObject({ from: { name: 'ann/phone', leaf: 0 } });
    expect(self).toEqual(heard.kind === 'said' && heard.from);
    expect(members.map(({ name }) => name)).toEqual(['ann/phone', 'bob/phone', 'ann/desk']);
  });

  it('says its position to whoever has no key, and the truth', async () => {
    const { ann, bob } = await pair();
    const wires = await saying(ann, 'a', 'b', 'c');

    for (const [at, { bytes: wire, epoch }] of wires.entries()) {
      const said = await positionOf(wire);
      expect(said).toEqual(await truePositionOf(bob.group, wire));
      expect(said).toMatchObject({ leaf: 0, generation: at, epoch });
    }
    expect(await refusalOf(() => positionOf(Uint8Array.of(1)))).toBe('damaged');
  });

  it.each([
    ['a lie about it', [0, 0, 0, 0, 0, 0, 0, 7]],
    ['none', []],
  ])('is refused with %s, also from a member', async (_what, data) => {
    const { ann, bob } = await pair();
    const said = Uint8Array.from(data);
    const { privateMessage } = await createApplicationMessage(
      ...([thaw(ann.group).state, bytes('hello'), await cipher(), said] as const),
    );
    const wireformat = 'mls_private_message';
    const wire = encodeMlsMessage({ version: 'mls10', wireformat, privateMessage });

    expect(await refusalOf(() => suite.decrypt(bob.group, wire))).toBe('damaged');
  });
});

describe('a conversation that is begun anew', () => {
  it('is another group, and goes on in the hub’s count of epochs', async () => {
    const device = await newDevice(suite, 'bob/phone');
    const [key] = await suite.newKeyPackages(device, 1);
    const life = newLife();
    const { group, wires } = await suite.found(await newDevice(suite, 'ann/phone'), {
      ...{ conversation: 'cv_1', epoch: 7, life },
      keyPackages: [key!.published],
    });
    const ann = new Talker(suite, group);
    ann.life = life;
    const { group: joined } = await suite.join(of(wires, 'welcome').bytes, [key!.stored]);
    const said = await ann.say('hello again');

    expect(wires.map(({ epoch }) => epoch)).toEqual([7, 7]);
    expect(said.map(({ epoch }) => epoch)).toEqual([8]);
    expect(await suite.look(joined)).toMatchObject({ conversation: 'cv_1', epoch: 8 });
    expect(await new Talker(suite, joined).hearAll(said)).toEqual(['hello again']);
  });
});

describe('a step that is not committed', () => {
  it('used the key that the next one uses: only one of them may be stored and sent', async () => {
    const { ann, bob } = await pair();
    const one = await suite.encrypt(ann.group, bytes('one'), ann.life);
    const other = await suite.encrypt(ann.group, bytes('other'), ann.life);
    const [first, second] = await Promise.all(
      [one, other].map(({ wires }) => positionOf(wires[0]!.bytes)),
    );

    expect(first).toEqual(second);
    expect(await bob.hear(one.wires[0]!)).toBe('one');
    expect(await refusalOf(() => bob.hear(other.wires[0]!))).toBe('spent');
  });

  it('is harmless where the state is committed by compare and set, whoever wins', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 2 }), { maxLength: 12 }), async (winners) => {
        const { ann } = await pair();
        const sent: string[] = [];
        for (const winner of winners) {
          const from = ann.group;
          const steps = [0, 1, 2].map(() => suite.encrypt(from, bytes('x'), ann.life));
          for (const at of [winner, 0, 1, 2]) {
            if (ann.group !== from) continue;
            const { group, wires } = await steps[at]!;
            ann.group = group;
            sent.push(key(await positionOf(wires[0]!.bytes)));
          }
          await Promise.all(steps);
        }

        expect(new Set(sent).size).toBe(winners.length);
      }),
      { numRuns: 10 },
    );
  });
});

describe('what comes', () => {
  it('is read once: repeated it is refused, and nothing changes', async () => {
    const { ann, bob } = await pair();
    const [wire] = await ann.say('hello');
    await bob.hear(wire!);
    const before = bob.group.slice();

    expect(await refusalOf(() => bob.hear(wire!))).toBe('spent');
    expect(bob.group).toEqual(before);
  });

  it('is read out of order, as far back as keys are kept', async () => {
    const { ann, bob } = await pair();
    const wires = await saying(ann, ...Array.from({ length: 40 }, (_, at) => `${at}`));
    expect(await bob.hear(wires[39]!)).toBe('39');
    expect(await bob.hear(wires[20]!)).toBe('20');

    expect(await refusalOf(() => bob.hear(wires[20]!))).toBe('spent');
    expect(await refusalOf(() => bob.hear(wires[0]!))).toBe('spent');
    expect(await bob.hear(wires[38]!)).toBe('38');
  });

  it('is refused where more is missing than could be', async () => {
    const { ann, bob } = await pair();
    for (let at = 0; at < 257; at++) await ann.say('');

    expect(await refusalOf(async () => bob.hear((await ann.say(''))[0]!))).toBe('ahead');
  });

  it('is refused where it is of another group', async () => {
    const { ann } = await pair();
    const { bob } = await pair();

    expect(await refusalOf(async () => bob.hear((await ann.say('hello'))[0]!))).toBe('foreign');
  });

  it('is refused where it is this device’s own', async () => {
    const { ann } = await pair();

    expect(await refusalOf(async () => ann.hear((await ann.say('hello'))[0]!))).toBe('own');
  });

  it('is refused where it is of an epoch to come, or of one that is gone', async () => {
    const { ann, bob } = await pair();
    const old = (await ann.say('old'))[0]!;
    ann.life = newLife();
    const wires = await ann.say('new');
    expect(types(wires)).toEqual(['handshake', 'application']);

    expect(await refusalOf(() => bob.hear(wires[1]!))).toBe('ahead');
    expect(await bob.hear(wires[0]!)).toBe('changed');
    expect(await bob.hear(wires[1]!)).toBe('new');
    expect(await refusalOf(() => bob.hear(old))).toBe('too_old');
  });

  it('is refused with a code and nothing else where any of its bytes changed', async () => {
    const { ann, bob } = await pair();
    ann.life = newLife();
    const wires = await ann.say('hello');
    const [change, said] = wires as [Wire, Wire];
    const before = bob.group.slice();
    const tamper = (wire: Wire, at: number, bits: number) => {
      const copy = wire.bytes.slice();
      copy[at % copy.length]! ^= bits;
      return { ...wire, bytes: copy };
    };
    const bits = fc.integer({ min: 1, max: 255 });
    await fc.assert(
      fc.asyncProperty(fc.nat(), bits, async (at, flipped) => {
        expect(await refusalOf(() => bob.hear(tamper(change, at, flipped)))).not.toBe('none');
      }),
      { numRuns: 150 },
    );
    expect(bob.group).toEqual(before);
    await bob.hear(change);
    await fc.assert(
      fc.asyncProperty(fc.nat(), bits, async (at, flipped) => {
        expect(await refusalOf(() => bob.hear(tamper(said, at, flipped)))).not.toBe('none');
      }),
      { numRuns: 300 },
    );
    expect(await bob.hear(said)).toBe('hello');
  });

  it('is refused where it is anything at all', async () => {
    const { bob } = await pair();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
        const wire = { type: 'application', epoch: 1, bytes: noise } as const;
        expect(await refusalOf(() => bob.hear(wire))).toMatch(/damaged|foreign|too_large/);
      }),
      { numRuns: 500 },
    );
    const large = { type: 'application', epoch: 1, bytes: new Uint8Array(300_000) } as const;
    expect(await refusalOf(() => bob.hear(large))).toBe('too_large');
  });
});

describe('devices', () => {
  it('come and go, and who is gone reads nothing more', async () => {
    const { ann, bob } = await pair();
    const [fresh] = await suite.newKeyPackages(await newDevice(suite, 'bob/desk'), 1);
    expect(await suite.readKeyPackage(fresh!.published)).toMatchObject({ name: 'bob/desk' });
    const added = await suite.change(ann.group, { add: [fresh!.published] }, ann.life);
    ann.group = added.group;
    expect(types(added.wires)).toEqual(['handshake', 'welcome']);
    await ann.settle(added.wires);
    expect(await bob.hear(added.wires[0]!)).toBe('changed');
    const { group, used } = await suite.join(added.wires[1]!.bytes, [fresh!.stored]);
    const desk = new Talker(suite, group);
    expect(used).toBe(0);
    const hello = await ann.say('hello');
    expect([await bob.hearAll(hello), await desk.hearAll(hello)]).toEqual([['hello'], ['hello']]);

    const { members } = await suite.look(ann.group);
    const gone = members.filter(({ name }) => name === 'bob/phone');
    const removed = await suite.change(ann.group, { remove: gone }, ann.life);
    ann.group = removed.group;
    await ann.settle(removed.wires);
    expect(await bob.hearAll(removed.wires)).toEqual(['removed']);
    expect(await desk.hearAll(removed.wires)).toEqual(['changed']);
    const secret = await ann.say('without bob’s phone');
    expect(await desk.hearAll(secret)).toEqual(['without bob’s phone']);
    expect(await refusalOf(() => bob.hear(secret[0]!))).toBe('removed');
    expect(await refusalOf(() => bob.say('still here?'))).toBe('removed');
    expect((await suite.look(ann.group)).members.map(({ name }) => name)).toEqual([
      'ann/phone',
      'bob/desk',
    ]);
  });

  it('are not added with what is no key package, and only removed where they are', async () => {
    const { ann } = await pair();
    const [member] = (await suite.look(ann.group)).members;
    const change = (changes: Parameters<typeof suite.change>[1]) =>
      refusalOf(() => suite.change(ann.group, changes, ann.life));

    expect(await change({ add: [new Uint8Array(9)] })).toBe('bad_key_package');
    expect(await change({ remove: [{ ...member!, leaf: 7 }] })).toBe('not_a_member');
    expect(await change({ remove: [{ ...member!, name: 'eve' }] })).toBe('not_a_member');
  });

  it('are not more than a conversation has', async () => {
    const many = Array.from({ length: 64 }, (_, at) => newDevice(suite, `eve/${at}`));
    const packages = await Promise.all(many.map(async (it) => suite.newKeyPackages(await it, 1)));
    const keyPackages = packages.map(([it]) => it!.published);
    const { ann } = await pair();
    const founding = { conversation: 'cv_1', epoch: 0, keyPackages, life: newLife() };
    const ownKeys = await newDevice(suite, 'ann/phone');

    expect(await refusalOf(() => suite.found(ownKeys, founding))).toBe('too_large');
    expect(await refusalOf(() => suite.change(ann.group, { add: keyPackages }, ann.life))).toBe(
      'too_large',
    );
  });

  it('join with the key package that the welcome names, and with no other', async () => {
    const device = await newDevice(suite, 'bob/phone');
    const packages = await suite.newKeyPackages(device, 3);
    const stored = packages.map((it) => it.stored);
    const { wires } = await suite.found(await newDevice(suite, 'ann/phone'), {
      ...{ conversation: 'cv_1', epoch: 0, life: newLife() },
      keyPackages: [packages[1]!.published],
    });
    const welcome = of(wires, 'welcome').bytes;

    expect((await suite.join(welcome, stored)).used).toBe(1);
    expect(await refusalOf(() => suite.join(welcome, [stored[0]!, stored[2]!]))).toBe(
      'not_welcome',
    );
    expect(await refusalOf(() => suite.join(welcome.slice(0, -1), stored))).toBe('damaged');
  });
});
