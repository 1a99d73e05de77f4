import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { suites } from '#gia';
import { converse, newDevice, newLife, refusalOf } from './talk.ts';

/** What whoever uses a suite may expect of any of them. */
describe.each(Object.values(suites))('$id', (suite) => {
  it('carries what is said both ways, to all devices, in order', async () => {
    const { ann, others } = await converse(suite, ['bob/phone', 'bob/desk', 'ann/desk']);
    const [bob, desk, second] = others;
    for (const round of ['one', 'two', 'three']) {
      const said = await ann.say(`ann ${round}`);
      for (const other of others) expect(await other.hearAll(said)).toContain(`ann ${round}`);
      const answer = await bob!.say(`bob ${round}`);
      for (const other of [ann, desk!, second!])
        expect((await other.hearAll(answer)).at(-1)).toBe(`bob ${round}`);
      await bob!.settle(answer);
    }
  });

  it('carries any bytes, none of them included', async () => {
    const { ann, others } = await converse(suite, ['bob/phone']);
    const long = new Uint8Array(randomBytes(5000));
    for (const content of [new Uint8Array(), long]) {
      const { group, wires } = await suite.encrypt(ann.group, content, ann.life);
      ann.group = group;
      const heard = await suite.decrypt(others[0]!.group, wires[0]!.bytes);
      others[0]!.group = heard.group;
      expect(heard).toMatchObject({ kind: 'said', content });
    }
  });

  it('changes none of what it is given, so that a step that was not committed can be taken again', async () => {
    const { ann, others } = await converse(suite, ['bob/phone']);
    const before = [ann.group, others[0]!.group].map((group) => group.slice());
    const first = await suite.encrypt(ann.group, Buffer.from('hello'), ann.life);
    const again = await suite.encrypt(Buffer.from(ann.group), Buffer.from('hello'), ann.life);
    for (const { wires } of [first, again]) {
      const heard = await suite.decrypt(others[0]!.group, wires[0]!.bytes);
      expect(heard).toMatchObject({ kind: 'said', content: Uint8Array.from(Buffer.from('hello')) });
    }
    expect([ann.group, others[0]!.group]).toEqual(before);
  });

  it('keeps a few kilobytes of plain bytes, however much is said', async () => {
    const { ann, others } = await converse(suite, ['bob/phone', 'bob/desk', 'ann/desk']);
    for (let round = 0; round < 20; round++) {
      await others[0]!.hearAll(await ann.say('hello'));
      const answer = await others[0]!.say('hello yourself');
      await ann.hearAll(answer);
      await others[0]!.settle(answer);
    }

    for (const { group } of [ann, others[0]!]) {
      expect(Object.getPrototypeOf(group)).toBe(Uint8Array.prototype);
      expect(group.length).toBeLessThan(12_000);
    }
  });

  it.each([[0], [1, 2, 3], [...randomBytes(500)]])(
    'refuses a state that is none (%#)',
    async (...noise) => {
      const group = Uint8Array.from(noise);
      expect(await refusalOf(() => suite.encrypt(group, new Uint8Array(), newLife()))).toBe(
        'bad_state',
      );
      expect(await refusalOf(() => suite.decrypt(group, new Uint8Array()))).toBe('bad_state');
      expect(await refusalOf(() => suite.look(group))).toBe('bad_state');
      expect(await refusalOf(() => suite.settle(group, true))).toBe('bad_state');
    },
  );

  it('refuses a welcome and a key package that are none', async () => {
    const device = await newDevice(suite, 'bob/phone');
    const stored = (await suite.newKeyPackages(device, 2)).map((it) => it.stored);

    expect(await refusalOf(() => suite.join(Uint8Array.of(1, 2), stored))).toMatch(
      /damaged|not_welcome/,
    );
    expect(await refusalOf(() => suite.readKeyPackage(Uint8Array.of(1)))).toBe('bad_key_package');
  });
});
