import { describe, expect, it } from 'vitest';
import { TYPING_MS, Typing } from '../../../../src/engine/hints/typing.ts';

const [ann, bob] = ['@ann:hs.test', '@bob:hs.test'] as const;

describe('Typing', () => {
  it('tells who began and who stopped, and nothing of those who go on', () => {
    const typing = new Typing();
    expect(typing.changed('!r', [ann], 0)).toEqual([{ who: ann, forMs: TYPING_MS }]);
    expect(typing.changed('!r', [ann], 1)).toEqual([]);
    expect(typing.changed('!r', [ann, bob], 2)).toEqual([{ who: bob, forMs: TYPING_MS }]);
    expect(typing.changed('!r', [bob], 3)).toEqual([{ who: ann, forMs: 0 }]);
    expect(typing.changed('!r', [], 4)).toEqual([{ who: bob, forMs: 0 }]);
  });

  it('keeps rooms apart', () => {
    const typing = new Typing();
    typing.changed('!r', [ann], 0);
    expect(typing.changed('!other', [ann], 1)).toEqual([{ who: ann, forMs: TYPING_MS }]);
    expect(typing.changed('!other', [], 2)).toEqual([{ who: ann, forMs: 0 }]);
    expect(typing.changed('!r', [ann], 3)).toEqual([]);
  });

  it('does not believe for ever what it heard: the end may have got lost', () => {
    const typing = new Typing();
    typing.changed('!r', [ann], 0);
    expect(typing.changed('!r', [], TYPING_MS)).toEqual([]);
    typing.changed('!r', [ann], TYPING_MS);
    expect(typing.changed('!r', [ann], 2 * TYPING_MS)).toEqual([{ who: ann, forMs: TYPING_MS }]);
  });

  it('remembers the thousand rooms that it heard of last', () => {
    const typing = new Typing();
    for (let n = 0; n <= 1_000; n++) typing.changed(`!${n}`, [ann], 0);
    expect(typing.changed('!0', [ann], 1)).toHaveLength(1);
    expect(typing.changed('!1000', [ann], 1)).toEqual([]);
  });
});
