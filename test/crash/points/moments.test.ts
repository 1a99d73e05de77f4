import { describe, expect, it } from 'vitest';
import type { Counts } from './calls.ts';
import { momentsOf, nameOf, recoveriesOf } from './moments.ts';

const names = (...plays: readonly Record<string, Counts>[]) =>
  momentsOf(plays.map((play) => new Map(Object.entries(play)))).map(
    (moment) => `${moment.scene}: ${nameOf(moment)}`,
  );

describe('momentsOf', () => {
  it('is before and after each call that comes in every play, scene by scene', () => {
    expect(
      names(
        { one: { 'a.b': 2, 'c.d': 1 }, two: { 'a.b': 1 } },
        { one: { 'a.b': 1 }, two: { 'a.b': 2 } },
      ),
    ).toEqual(['one: before a.b#1', 'one: after a.b#1', 'two: before a.b#1', 'two: after a.b#1']);
  });

  it('is before the first and the last of what only looks', () => {
    const looks = names({ one: { 'journal.head': 2 }, two: {}, three: { 'journal.head': 3 } });
    expect(looks).toEqual(['one: before journal.head#1', 'three: before journal.head#3']);
    expect(names({ one: { 'links.ofEvent': 1 } })).toHaveLength(1);
    expect(names({ one: { 'journal.commit(begun)': 5 } })).toHaveLength(10);
  });
});

describe('recoveriesOf', () => {
  it('is the first of what a recovery does in its scene', () => {
    const calls = new Map([
      ['one', { 'session.message.lookup': 2, 'matrix.setProfile': 1 }],
      ['two', { 'matrix.send(message)': 1 }],
    ]);
    expect(recoveriesOf([calls], 'one').map(nameOf)).toEqual([
      'before session.message.lookup#1',
      'after session.message.lookup#1',
    ]);
  });
});
