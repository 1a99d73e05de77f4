import { describe, expect, it } from 'vitest';
import { nearestName } from '../../../src/util/nearest-name.ts';

describe('nearestName', () => {
  it.each([
    ['perfix', 'prefix'],
    ['Prefix', 'prefix'],
    ['listn', 'listen'],
    ['prefixes', 'prefix'],
  ])('takes %s for %s', (typed, meant) => {
    expect(nearestName(typed, ['url', 'listen', 'prefix'])).toBe(meant);
  });

  it('says nothing when no name is near', () => {
    expect(nearestName('colour', ['url', 'listen', 'prefix'])).toBeUndefined();
    expect(nearestName('a', [])).toBeUndefined();
  });
});
