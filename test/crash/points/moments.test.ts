import { describe, expect, it } from 'vitest';
import { Chance } from '../chance.ts';
import { momentsOf, nameOf, recoveriesOf, sample } from './moments.ts';

const names = (counts: Parameters<typeof momentsOf>[0]) => momentsOf(counts).map(nameOf);

describe('momentsOf', () => {
  it('is before and after each call that comes in every run', () => {
    expect(names([{ 'a.b': 3, 'c.d': 1 }, { 'a.b': 2 }])).toEqual([
      'before a.b#1',
      'after a.b#1',
      'before a.b#2',
      'after a.b#2',
    ]);
  });

  it('is the first and the last of what only looks', () => {
    expect(names([{ 'journal.head': 5 }])).toEqual(
      [1, 5].flatMap((nth) => [`before journal.head#${nth}`, `after journal.head#${nth}`]),
    );
    expect(names([{ 'links.ofEvent': 1 }])).toHaveLength(2);
    expect(names([{ 'journal.commit(begun)': 5 }])).toHaveLength(10);
  });
});

describe('recoveriesOf', () => {
  it('is the first of what a recovery does', () => {
    const found = recoveriesOf([{ 'session.message.lookup': 2, 'matrix.setProfile': 1 }]);
    expect(found.map(nameOf)).toEqual([
      'before session.message.lookup#1',
      'after session.message.lookup#1',
    ]);
  });
});

describe('sample', () => {
  const all = ['a1', 'a2', 'a3', 'b1', 'c1'];
  const take = (count: number, seed: number) =>
    sample(all, (one) => one.slice(0, 1), { count, chance: new Chance(seed) });

  it('gives each point its turn before any has a second', () => {
    for (let seed = 0; seed < 20; seed++)
      expect(
        take(3, seed)
          .map((one) => one.slice(0, 1))
          .toSorted(),
      ).toEqual(['a', 'b', 'c']);
  });

  it('is the same for the same seed, and all where that many are wanted', () => {
    expect(take(4, 7)).toEqual(take(4, 7));
    expect(take(9, 1).toSorted()).toEqual(all);
  });
});
