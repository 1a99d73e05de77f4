import { describe, expect, it } from 'vitest';
import { bannedBy, MOST_MASKS, MOST_RULES } from '../../../../src/engine/policies/banned-by.ts';
import type { PolicyRule } from '../../../../src/ports/matrix.ts';

const user = (mask: string): PolicyRule => ({ about: 'user', mask });
const server = (mask: string): PolicyRule => ({ about: 'server', mask });

describe('bannedBy', () => {
  it.each([
    [user('@ann:hs.test'), '@ann:hs.test', true],
    [user('@ann:hs.test'), '@anna:hs.test', false],
    [user('@spam*:hs.test'), '@spam1:hs.test', true],
    [user('@spam?:hs.test'), '@spam12:hs.test', false],
    [user('@a.n:hs.test'), '@aXn:hs.test', false],
    [user('hs.test'), '@ann:hs.test', false],
    [server('hs.test'), '@ann:hs.test', true],
    [server('hs.test'), '@ann:hs.test:8448', true],
    [server('hs.test:8448'), '@ann:hs.test:8448', true],
    [server('*.test'), '@ann:hs.test', true],
    [server('*.test'), '@ann:test', false],
    [server('@ann:hs.test'), '@ann:hs.test', false],
  ])('says of %j and %s: %s', (rule, userId, is) => {
    expect(bannedBy([rule])(userId)).toBe(is);
  });

  it('bans nobody without a rule', () => {
    expect(bannedBy([])('@ann:hs.test')).toBe(false);
  });

  it('heeds no rule that is longer than any name, and only so many, and says how many it left out', () => {
    const masks = Array.from({ length: MOST_MASKS + 2 }, (_, n) => user(`@*${n}:x`));
    const names = Array.from({ length: MOST_RULES + 3 }, (_, n) => user(`@${n}:y`));
    const banned = bannedBy([user(`@${'a'.repeat(255)}*`), ...masks, ...names]);
    expect(banned.leftOut).toBe(6);
    expect([0, MOST_RULES].map((n) => banned(`@${n}:y`))).toEqual([true, false]);
  });

  it('is done with hostile masks in no time', () => {
    const hostile = Array.from({ length: 100 }, (_, n) => user(`${'*a'.repeat(120)}${n}`));
    const beganMs = performance.now();
    expect(bannedBy(hostile)(`@${'a'.repeat(240)}:hs.test`)).toBe(false);
    expect(performance.now() - beganMs).toBeLessThan(1_000);
  });
});
