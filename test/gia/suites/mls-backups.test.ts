import { describe, expect, it } from 'vitest';
import { positionOf, suites } from '#gia';
import { key, newDevice, newLife, of, pair, refusalOf, saying, Talker, types } from './talk.ts';

const suite = suites['mls10/1'];

describe('a restored backup', () => {
  it('uses no key twice: it begins an epoch of its own before it says anything', async () => {
    const { ann, bob } = await pair();
    const backup = ann.group.slice();
    const before = await saying(ann, 'a', 'b', 'c');
    ann.group = backup;
    ann.life = newLife();
    const after = await saying(ann, 'd', 'e');
    const all = [...before, ...after].filter(({ type }) => type === 'application');
    const keys = await Promise.all(all.map(async (wire) => key(await positionOf(wire.bytes))));

    expect(types(after)).toEqual(['handshake', 'application', 'application']);
    expect(new Set(keys).size).toBe(5);
    expect(await bob.hearAll(before)).toEqual(['a', 'b', 'c']);
    expect(await bob.hearAll(after)).toEqual(['changed', 'd', 'e']);
  });

  it('learns of a change of its own that it does not know, and that it must begin anew', async () => {
    const { ann, bob } = await pair();
    const backup = ann.group.slice();
    ann.life = newLife();
    const wires = await ann.say('a');
    await bob.hearAll(wires);
    ann.group = backup;

    expect(await refusalOf(() => ann.hear(wires[0]!))).toBe('lost');
    expect(await refusalOf(async () => ann.hear((await bob.say('b'))[0]!))).toBe('ahead');
  });

  it('does not take that change for one that it made since', async () => {
    const { ann } = await pair();
    const backup = ann.group.slice();
    ann.life = newLife();
    const earlier = await ann.say('a');
    ann.group = backup;
    ann.life = newLife();
    await ann.say('b');

    expect(await refusalOf(() => ann.hear(earlier[0]!))).toBe('lost');
  });

  it('is not made good by adding a device, which makes no secrets', async () => {
    const { ann } = await pair();
    const [fresh] = await suite.newKeyPackages(await newDevice(suite, 'bob/desk'), 1);
    ann.life = newLife();
    const added = await suite.change(ann.group, { add: [fresh!.published] }, ann.life);
    ann.group = added.group;

    expect(types(await ann.say('a'))).toEqual(['handshake', 'application']);
  });

  it('does not take what it is told again for news of this life', async () => {
    const { ann, bob } = await pair();
    const backup = bob.group.slice();
    ann.life = newLife();
    const wires = await ann.say('a');
    await bob.hearAll(wires);
    await bob.say('in an earlier life, in the epoch that Ann began');
    bob.group = backup;
    bob.life = newLife();
    // The hub refuses it: its epoch is over.
    expect(types(await bob.say('x'))).toEqual(['handshake', 'application']);
    await bob.hearAll(wires);

    expect(types(await bob.say('x'))).toEqual(['handshake', 'application']);
  });

  it('of the time before a welcome that was followed leads to other keys', async () => {
    const { ann, kept, welcome } = await welcomed();
    const says = async () => new Talker(suite, (await suite.join(welcome, [kept])).group).say('x');
    const [first, second] = [await says(), await says()];

    expect([types(first), types(second)]).toEqual(Array(2).fill(['handshake', 'application']));
    expect(await ann.hearAll(first)).toEqual(['changed', 'x']);
    expect(await refusalOf(() => ann.hear(second[0]!))).toBe('too_old');
    expect(await refusalOf(() => ann.hear(second[1]!))).toBe('damaged');
  });
});

async function welcomed() {
  const [key] = await suite.newKeyPackages(await newDevice(suite, 'bob/phone'), 1);
  const life = newLife();
  const { group, wires } = await suite.found(await newDevice(suite, 'ann/phone'), {
    ...{ conversation: 'cv_1', epoch: 0, life },
    keyPackages: [key!.published],
  });
  const ann = new Talker(suite, group);
  ann.life = life;
  return { ann, kept: key!.stored, welcome: of(wires, 'welcome').bytes };
}

describe('a change of one’s own', () => {
  it('waits for the hub, and what is said on top of it is read once it is taken', async () => {
    const { ann, bob } = await pair();
    ann.life = newLife();
    const wires = await saying(ann, 'a', 'b');
    expect(types(wires)).toEqual(['handshake', 'application', 'application']);
    expect(await suite.look(ann.group)).toMatchObject({ unsettled: 1, epoch: 2 });
    // Bob does not know of it yet.
    const answer = await bob.say('meanwhile');
    expect(types(answer)).toEqual(['handshake', 'application']);
    await bob.hearAll(wires);
    ann.group = await suite.settle(ann.group, true);

    expect(await suite.look(ann.group)).toMatchObject({ unsettled: 0, epoch: 2 });
    expect(await suite.look(bob.group)).toMatchObject({ unsettled: 0, epoch: 2 });
  });

  it('that the hub took hides nothing that was said before it, and lets nothing be said twice', async () => {
    const { ann, bob } = await pair();
    const first = await bob.say('first');
    await bob.settle(first);
    await ann.hearAll(first);
    const [before] = await bob.say('before it');
    const [late] = await bob.say('under way meanwhile');
    ann.life = newLife();
    await ann.say('x');
    expect(await ann.hear(before!)).toBe('before it');
    ann.group = await suite.settle(ann.group, true);

    expect(await ann.hear(late!)).toBe('under way meanwhile');
    expect(await refusalOf(() => ann.hear(before!))).toBe('spent');
  });

  it('needs no answer of the hub where others are in the epoch that it began', async () => {
    const { ann, bob } = await pair();
    ann.life = newLife();
    const wires = await ann.say('a');
    ann.life = newLife();
    const more = await ann.say('b');
    await bob.hearAll([...wires, ...more]);
    const answer = await bob.say('c');

    expect(types(answer)).toEqual(['handshake', 'application']);
    expect(await ann.hearAll(answer)).toEqual(['changed', 'c']);
    expect(await suite.look(ann.group)).toMatchObject({ unsettled: 0, epoch: 4 });
  });

  it('that came second is forgotten, and made anew in the epoch of the first', async () => {
    const { ann, bob } = await pair();
    ann.life = newLife();
    const anns = await ann.say('from ann');
    const bobs = await bob.say('from bob');
    // The hub took Bob's.
    await bob.settle(bobs);
    expect(await ann.hearAll(bobs)).toEqual(['changed', 'from bob']);
    const again = await ann.say('from ann');
    expect(types(again)).toEqual(['handshake', 'application']);
    expect(await bob.hearAll(again)).toEqual(['changed', 'from ann']);
    expect(key(await positionOf(of(anns, 'application').bytes))).not.toBe(
      key(await positionOf(of(again, 'application').bytes)),
    );
  });

  it('that was refused is made anew, with new secrets', async () => {
    const { ann, bob } = await pair();
    ann.life = newLife();
    const refused = await ann.say('a');
    ann.group = await suite.settle(ann.group, false);
    const again = await ann.say('a');

    expect(of(again, 'handshake').bytes).not.toEqual(of(refused, 'handshake').bytes);
    expect(await bob.hearAll(again)).toEqual(['changed', 'a']);
    expect(await refusalOf(() => bob.hear(of(refused, 'application')))).toBe('damaged');
  });

  it('and others wait up to a few', async () => {
    const { ann } = await pair();
    for (let life = 0; life < 8; life++) {
      ann.life = newLife();
      await ann.say('x');
    }
    ann.life = newLife();

    expect(await refusalOf(() => ann.say('x'))).toBe('unsettled');
    expect(await refusalOf(async () => suite.settle((await pair()).ann.group, true))).toBe(
      'unsettled',
    );
  });
});
