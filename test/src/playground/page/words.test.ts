import { describe, expect, it } from 'vitest';
// @ts-expect-error The page is plain JavaScript, which is served as it is.
import * as words from '../../../../src/playground/page/words.js';

const line = { sender: 'a', atMs: 0, bridged: false, reactions: [] };
const verdict = { sent: 2, arrived: 2, lost: 0, doubled: 0, outOfOrder: 0, strange: 0 };

describe('follows', () => {
  it('leaves the name out where the same person goes on', () => {
    expect(words.follows({ ...line, atMs: 1000 }, line)).toBe(true);
  });

  it.each([
    ['the first line', line, undefined],
    ['another person', { ...line, sender: 'b' }, line],
    ['a long pause', { ...line, atMs: 301_000 }, line],
    ['an answer', { ...line, replyTo: '1' }, line],
    ['a notice', { ...line, as: 'notice' }, line],
  ])('shows the name for %s', (_, now, before) => {
    expect(words.follows(now, before)).toBe(false);
  });
});

describe('fateOf', () => {
  it('shows what was said here as waiting, until it is known to be there', () => {
    expect(words.fateOf(line).icon).toBe('clock');
    expect(words.fateOf({ ...line, fate: 'delivered' }).icon).toBe('check');
    expect(words.fateOf({ ...line, fate: 'failed' }).icon).toBe('warn');
  });

  it('shows nothing on what came over the bridge, notices and removed lines', () => {
    for (const more of [{ bridged: true }, { as: 'notice' }, { removed: true }])
      expect(words.fateOf({ ...line, ...more })).toBeUndefined();
  });
});

describe('groupReactions', () => {
  it('puts the people of one emoji together', () => {
    const reactions = [
      { emoji: '👍', by: 'a' },
      { emoji: '🎉', by: 'a' },
      { emoji: '👍', by: 'b' },
    ];
    expect(words.groupReactions(reactions)).toEqual([
      { emoji: '👍', by: ['a', 'b'] },
      { emoji: '🎉', by: ['a'] },
    ]);
  });
});

describe('listOf', () => {
  it.each([
    [[], ''],
    [['A'], 'A'],
    [['A', 'B'], 'A and B'],
    [['A', 'B', 'C'], 'A, B and C'],
  ])('joins %j', (names, text) => expect(words.listOf(names)).toBe(text));
});

describe('verdictSentence', () => {
  it('says that all is well only if all is well', () => {
    expect(words.verdictSentence([verdict, verdict])).toBe(
      'All 4 arrived: nothing lost, nothing doubled, all in order.',
    );
    const bad = { ...verdict, lost: 1, doubled: 2 };
    expect(words.verdictSentence([verdict, bad])).toBe('1 lost and 2 doubled.');
  });
});
