import { describe, expect, it } from 'vitest';
import { joinParams, refusalOf } from '../../../bridges/irc/joins.ts';
import { type Line, parseLine } from '../../../bridges/irc/wire/line.ts';

const line = (raw: string) => parseLine(raw) as Line;
const isA = (name: string) => name === '#a';

describe('refusalOf', () => {
  it('says in clear words why', () => {
    expect(refusalOf(line(':s 474 me #a :Cannot join channel (+b)'), isA)).toEqual({
      target: '#a',
      code: '474',
      text: 'it is banned from the channel',
    });
  });

  it('lets the server speak where it has no words of its own', () => {
    expect(refusalOf(line(':s 520 me #a :Only opers may join'), isA)?.text).toBe(
      'the server says: Only opers may join',
    );
    expect(refusalOf(line(':s FAIL JOIN SOME_CODE #a :No way'), isA)).toMatchObject({
      code: 'SOME_CODE',
      text: 'the server says: No way',
    });
  });

  it('does not take for its own what is only said of something else', () => {
    const raw = line(':s 404 me #a :Cannot send');
    expect(refusalOf(raw, isA, new Set(['404']))).toBeUndefined();
    expect(refusalOf(raw, isA)?.code).toBe('404');
  });

  it('leaves alone what speaks of something else, or is no error', () => {
    expect(refusalOf(line(':s 474 me #b :banned'), isA)).toBeUndefined();
    expect(refusalOf(line(':s 366 me #a :End'), isA)).toBeUndefined();
    expect(refusalOf(line(':s FAIL JOIN SOME_CODE #b :No way'), isA)).toBeUndefined();
  });
});

describe('joinParams', () => {
  const keyless = () => undefined;

  it('puts ten on a line, fewer if they are long', () => {
    const names = Array.from({ length: 23 }, (_, n) => `#c${n}`);
    const counts = (all: readonly string[]) =>
      joinParams(all, keyless).map(([line = '']) => line.split(',').length);
    expect(counts(names)).toEqual([10, 10, 3]);
    expect(counts(Array.from({ length: 4 }, (_, n) => `#${String(n).repeat(150)}`))).toEqual([
      2, 2,
    ]);
    expect(counts([])).toEqual([]);
  });

  it('names those first that have a key, and their keys in the same order', () => {
    const keyOf = (name: string) => (name > '#b' ? `key-of-${name}` : undefined);
    expect(joinParams(['#a', '#c', '#b', '#d'], keyOf)).toEqual([
      ['#c,#d,#a,#b', 'key-of-#c,key-of-#d'],
    ]);
    expect(joinParams(['#a'], keyOf)).toEqual([['#a']]);
  });
});
