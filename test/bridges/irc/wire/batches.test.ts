import { describe, expect, it } from 'vitest';
import { gather, type OpenBatches, type Replay } from '../../../../bridges/irc/wire/batches.ts';
import { type Line, parseLine } from '../../../../bridges/irc/wire/line.ts';

/** What comes out of a transcript, each line as its last word and label. */
function heard(...raws: string[]) {
  let open: OpenBatches = new Map();
  const all: unknown[] = [];
  for (const raw of raws) {
    const step = gather(open, parseLine(raw) as Line);
    open = step.open;
    all.push(...step.out.map(shown));
  }
  return { all, open };
}

const shown = (item: Line | Replay): unknown =>
  'lines' in item
    ? { [item.channel]: item.lines.map(shown) }
    : `${item.params.at(-1)}${item.tags.has('label') ? ` (${item.tags.get('label')})` : ''}`;

describe('gather', () => {
  it('passes on what is in no batch', () => {
    expect(heard('PRIVMSG #a one').all).toEqual(['one']);
  });

  it('holds a replay until it is whole, and lets the rest pass meanwhile', () => {
    const { all, open } = heard(
      ':irc.test BATCH +1 chathistory #a',
      '@batch=1 :bob!b@h PRIVMSG #a one',
      ':bob!b@h PRIVMSG #b now',
      '@batch=1 :bob!b@h PRIVMSG #a two',
      ':irc.test BATCH -1',
    );
    expect(all).toEqual(['now', { '#a': ['one', 'two'] }]);
    expect(open.size).toBe(0);
  });

  it('gives the lines of an answer the label of the whole', () => {
    const { all } = heard(
      '@label=L2 BATCH +1 labeled-response',
      '@batch=1 :irc.test 353 me = #a bob',
      '@batch=1 :irc.test 366 me #a end',
      'BATCH -1',
    );
    expect(all).toEqual(['bob (L2)', 'end (L2)']);
  });

  it('finds a replay inside an answer', () => {
    const { all } = heard(
      '@label=L2 BATCH +1 labeled-response',
      '@batch=1 :me JOIN #a',
      '@batch=1 BATCH +2 chathistory #a',
      '@batch=2 :bob PRIVMSG #a old',
      '@batch=1 BATCH -2',
      'BATCH -1',
    );
    expect(all).toEqual(['#a (L2)', { '#a': ['old'] }]);
  });

  it('lets the lines of a kind that it does not know out one by one', () => {
    const { all } = heard('BATCH +1 netsplit a b', '@batch=1 :x QUIT gone', 'BATCH -1');
    expect(all).toEqual(['gone']);
  });

  it('does without a beginning or an end that it never saw', () => {
    expect(heard('BATCH -9').all).toEqual([]);
    expect(heard('@batch=9 PRIVMSG #a one').all).toEqual(['one']);
  });

  it('does not let beginnings without an end fill it either', () => {
    const begun = Array.from({ length: 1_000 }, (_, n) => `BATCH +${n} chathistory #a`);
    const { all, open } = heard(...begun, '@batch=900 PRIVMSG #a one');
    expect(open.size).toBe(100);
    expect(all).toEqual(['one']);
  });

  it('does not let a batch without an end fill the memory', () => {
    const lines = Array.from({ length: 5_001 }, () => '@batch=1 PRIVMSG #a x');
    const { all, open } = heard('BATCH +1 chathistory #a', ...lines);
    expect(all).toHaveLength(5_001);
    expect(open.size).toBe(0);
  });
});
