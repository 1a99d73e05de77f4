import { describe, expect, it } from 'vitest';
import { shortChange } from '../../../bridges/irc/diff.ts';

const long = 'I think that we should meet on monday at the station';

describe('shortChange', () => {
  it.each([
    ['monday', 'tuesday', 's/monday/tuesday/'],
    ['we should', 'we really should', 's/we/we really/'],
    [' at the station', '', 's/at the station//'],
    ['I think', 'I', 's/think//'],
  ])('tells of %j and %j', (old, now, change) => {
    expect(shortChange(long, long.replace(old, now))).toBe(change);
  });

  it.each([
    ['nothing', long, long],
    ['what is short itself', 'hallo', 'hello'],
    ['what is much', long, 'Something else altogether, which nobody would find in there'],
    ['lines', `${long}\nx`, `${long}\ny`],
    ['an address', `${long} http://x`, `${long} http://y`],
    ['what stands there twice', `${long} on monday`, `${long} on tuesday`],
    ['what only begins', long, `Now ${long}`],
  ])('does not tell of %s', (_, before, after) => {
    expect(shortChange(before, after)).toBeUndefined();
  });
});
