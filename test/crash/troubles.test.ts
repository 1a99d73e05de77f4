import { describe, expect, it } from 'vitest';
import { Chance } from './chance.ts';
import { troubleMeant } from './troubles.ts';

describe('troubleMeant', () => {
  const meant = (losesQueue: boolean) =>
    [1, 2, 3, 4, 5, 6].map((round) => troubleMeant({ chance: new Chance(1), losesQueue }, round));

  it('takes a server away in every third round', () => {
    const away = expect.stringMatching(/^(network|homeserver) (killed|held up)$/);
    expect(meant(false)).toEqual([away, undefined, undefined, away, undefined, undefined]);
  });

  it('loses a queue in as many, where the homeserver can', () => {
    expect(meant(true).map((which) => which === 'queue lost')).toEqual([
      ...[false, true, false],
      ...[false, true, false],
    ]);
  });
});
