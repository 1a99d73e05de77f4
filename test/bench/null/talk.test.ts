import { describe, expect, it } from 'vitest';
import { keyOf, Listener, Talk } from '../../../bench/null/talk.ts';

function heard(...texts: readonly string[]) {
  const listener = new Listener();
  for (const text of texts) listener.hear(text);
  const { count, late, repeated, missing } = listener;
  return { count, late, repeated, missing };
}

describe('Talk', () => {
  it('numbers what is said in each chat by itself', () => {
    const talk = new Talk();

    const said = ['c1', 'c1', 'c2'].map((chat) => keyOf(talk.say(chat)));

    expect(said).toEqual(['c1#0', 'c1#1', 'c2#0']);
  });
});

describe('Listener', () => {
  it('finds nothing wrong with what comes in order, chat by chat', () => {
    const all = heard('c1#0 a', 'c2#0 a', 'c1#1 a', 'c2#1 a');

    expect(all).toEqual({ count: 4, late: 0, repeated: 0, missing: 0 });
  });

  it('tells what is missing, what comes late and what comes twice', () => {
    expect(heard('c1#0 a', 'c1#2 a')).toMatchObject({ missing: 1, late: 0 });
    expect(heard('c1#0 a', 'c1#2 a', 'c1#1 a')).toMatchObject({ missing: 0, late: 1 });
    expect(heard('c1#0 a', 'c1#1 a', 'c1#0 a')).toMatchObject({ repeated: 1, late: 0 });
  });

  it('passes over what has no number', () => {
    expect(heard('hello', 'c1#x a', '#1 a')).toMatchObject({ count: 0 });
  });
});
