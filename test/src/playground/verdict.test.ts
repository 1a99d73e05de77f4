import { describe, expect, it } from 'vitest';
import { countVerdict, isFlawless } from '../../../src/playground/verdict.ts';

const sent = ['1', '2', '3', '4'];

describe('countVerdict', () => {
  it('finds nothing wrong where everything arrived once and in order', () => {
    const verdict = countVerdict(sent, sent);
    expect(verdict).toEqual({
      ...{ sent: 4, arrived: 4, lost: 0, doubled: 0, outOfOrder: 0, strange: 0 },
    });
    expect(isFlawless(verdict)).toBe(true);
  });

  it('counts what is not there as lost', () => {
    const verdict = countVerdict(sent, ['1', '4']);
    expect(verdict).toMatchObject({ arrived: 2, lost: 2, doubled: 0, outOfOrder: 0 });
    expect(isFlawless(verdict)).toBe(false);
  });

  it('counts every copy beyond the first, wherever it stands', () => {
    const verdict = countVerdict(sent, ['1', '1', '2', '3', '4', '1']);
    expect(verdict).toMatchObject({ arrived: 4, lost: 0, doubled: 2, outOfOrder: 0 });
    expect(isFlawless(verdict)).toBe(false);
  });

  it('counts a late one as out of order, and not those that overtook it', () => {
    const verdict = countVerdict(sent, ['2', '3', '4', '1']);
    expect(verdict).toMatchObject({ arrived: 4, lost: 0, doubled: 0, outOfOrder: 1 });
    expect(isFlawless(verdict)).toBe(false);
  });

  it('counts a message that was changed on its way as strange, and the sent one as lost', () => {
    const verdict = countVerdict(sent, ['1', 'two', '3', '4']);
    expect(verdict).toMatchObject({ arrived: 3, lost: 1, strange: 1 });
    expect(isFlawless(verdict)).toBe(false);
  });
});
