import { describe, expect, it } from 'vitest';
import { mentionsIn, type Named, withNicks } from '../../../bridges/irc/mentions.ts';
import type { Mention } from '../../../src/adapter/index.ts';

const people: Readonly<Record<string, Named>> = {
  bob: { user: 'bob' as never },
  'ann[m]': { voice: 'v' as never },
  the: { user: 'the' as never },
};
const by = {
  who: (nick: string) => people[nick.toLowerCase()],
  isCommonWord: (nick: string) => nick.toLowerCase() === 'the',
};
const named = (text: string) =>
  mentionsIn(text, by).map(({ start, end }) => `${start} ${text.slice(start, end)}`);

describe('mentionsIn', () => {
  it.each([
    ['bob: hi', ['0 bob']],
    ['bob, hi', ['0 bob']],
    ['bob:', ['0 bob']],
    ['hi bob', ['3 bob']],
    ['hi Bob!', ['3 Bob']],
    ["(bob) @bob bob's bob...", ['1 bob', '7 bob', '11 bob', '17 bob']],
    ['ann[m]: see bob', ['0 ann[m]', '12 bob']],
    ['bob,ann[m]: both of you', ['0 bob', '4 ann[m]']],
    ['bob/ann[m]: both of you', ['0 bob', '4 ann[m]']],
    ['the: the cat, said the bob', ['0 the', '23 bob']],
  ])('finds in “%s” whom it means', (text, found) => {
    expect(named(text)).toEqual(found);
  });

  it.each([
    ...[
      'bobby bob_ bob2 abob bob-like [bob] bóbob',
      'https://x.test/bob',
      'www.bob.test x.test/bob',
    ],
    ...['bob@x.test', '#bob &bob', '/home/bob ~/bob', 'the cat', 'bob.txt', '', 'hi', 'bobé'],
  ])('finds nobody in “%s”', (text) => {
    expect(named(text)).toEqual([]);
  });

  it('says who is meant', () => {
    expect(mentionsIn('ann[m]: bob', by)).toEqual([
      { start: 0, end: 6, voice: 'v' },
      { start: 8, end: 11, user: 'bob' },
    ]);
  });

  it('lets nobody call everybody, in a time that grows with the text', () => {
    expect(mentionsIn('bob '.repeat(10_000), by)).toHaveLength(50);
    expect(named(`${'a:'.repeat(50_000)} bob`)).toHaveLength(1);
    expect(named(`${'x.'.repeat(50_000)} bob`)).toHaveLength(1);
  });
});

describe('withNicks', () => {
  const nickOf = (who: Named) => ('user' in who ? 'bob' : undefined);
  const bobAt = (start: number, end: number): Mention => ({ start, end, user: 'bob' as never });

  it.each([
    ['Bobby: hi', [bobAt(0, 5)], 'bob: hi'],
    ['Bobby hi', [bobAt(0, 5)], 'bob: hi'],
    ['Bobby', [bobAt(0, 5)], 'bob'],
    ['Bobby, hi', [bobAt(0, 5)], 'bob, hi'],
    ['hi Bobby and Bobby', [bobAt(3, 8), bobAt(13, 18)], 'hi bob and bob'],
    ['hi Ann', [{ start: 3, end: 6, voice: 'v' as never }], 'hi Ann'],
  ])('writes “%s” as people do there', (text, mentions, written) => {
    expect(withNicks({ text, mentions }, nickOf)).toBe(written);
  });
});
