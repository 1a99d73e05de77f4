import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roomOnScript } from './room-on-script.ts';

/** What the homeserver did with an event: it told of it, loses it, or has yet to tell of it. */
const fate = fc.constantFrom('told', 'lost');
const plan = fc.record({
  /** In the order of the room. Of those told of, the first so many were worked. */
  before: fc.array(fate, { maxLength: 8 }),
  worked: fc.nat(8),
  /** Newer ones, of which it has told nothing when the look begins. */
  after: fc.array(fate, { maxLength: 5 }),
  /** When the look has read so many, it tells of so many of them. */
  reads: fc.nat(14),
  tells: fc.nat(5),
  /** And something newer is said that the look did not see, and told of too if that is its turn. */
  isOneMore: fc.boolean(),
});

type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

/** Plays it, and gives what is in the lane then, and what should be. */
async function play({ before, worked, after, reads, tells, isOneMore }: Plan) {
  const script = await roomOnScript();
  await script.worked('link');
  await script.link();
  const names = [...before, ...after].map((_, n) => `e${n}`);
  const toWork = names.filter((_, n) => before[n] === 'told').slice(0, worked);
  for (const [n, name] of names.slice(0, before.length).entries()) {
    if (before[n] === 'lost') script.lost(name);
    else if (toWork.includes(name)) await script.worked(name);
    else await script.waits(name);
  }
  const toTell = names.filter((_, n) => after[n - before.length] === 'told');
  for (const name of names.slice(before.length)) script.lost(name);
  const oneMore = isOneMore ? ['one more'] : [];
  const meanwhile = [...toTell, ...oneMore].slice(0, tells);
  script.meanwhile(reads, async () => {
    for (const name of meanwhile) await script.push(name);
  });
  await script.look();
  // What is told of at last, in the order of the room.
  for (const name of [...toTell, ...oneMore]) await script.push(name);
  const newestWorked = names.indexOf(toWork.at(-1) ?? '');
  const isLate = (name: string) =>
    before[names.indexOf(name)] === 'lost' && names.indexOf(name) < newestWorked;
  const expected = [...names, ...oneMore]
    .filter((name) => !toWork.includes(name))
    .map((name) => (isLate(name) ? `${name} late` : name));
  return { lane: await script.lane(), expected };
}

describe('catchUpRoom', () => {
  it('brings everything into the lane once, in the order of the room, whatever is pushed when', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (planned) => {
        const { lane, expected } = await play(planned);
        expect(lane).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});
