import { describe, expect, it } from 'vitest';
import { maskOf } from '../../../../bridges/irc/import/permissions.ts';

describe('maskOf', () => {
  it.each([
    ['@.*:evilcorp\\.com', '@*:evilcorp.com*'],
    ['^@.*:evilcorp\\.com$', '@*:evilcorp.com'],
    ['@bot_.*', undefined],
    ['@spam.*:.*', '@spam*:*'],
    ['@.*:evil.com', '@*:evil?com*'],
  ])('says %s as a mask', (regex, mask) => {
    expect(maskOf(regex)).toBe(mask);
  });

  it.each(['@(ann|bob):hs', '@[a-c].*:hs', 'evil', '(', ''])(
    'does not say %j otherwise',
    (regex) => {
      expect(maskOf(regex)).toBeUndefined();
    },
  );
});
