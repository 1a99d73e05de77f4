import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleIdOf } from '../../../bridges/gatekeeper/ids.ts';
import { VisibleId } from '../../../gia/index.ts';

const config = { domain: 'bob.example', plainNamesOf: 'hs.example' };

describe('visibleIdOf', () => {
  it('leaves the names of our own server as they are', () => {
    expect(visibleIdOf('@ann.lee:hs.example', config)).toBe('ann.lee@bob.example');
  });

  it('names the server of all others', () => {
    expect(visibleIdOf('@ann:other.example', config)).toBe('ann=40other.example@bob.example');
  });

  it('gives each user a name of their own that the gatekeeper takes', () => {
    const user = fc
      .tuple(
        fc.string({ unit: fc.constantFrom(...'aAb=@._-/+é4 0'), maxLength: 200 }),
        fc.constantFrom('hs.example', 'other.example', 'a:8448'),
      )
      .map(([localpart, server]) => `@${localpart}:${server}`);

    fc.assert(
      fc.property(user, user, (one, other) => {
        const [a, b] = [visibleIdOf(one, config), visibleIdOf(other, config)];
        expect(VisibleId.safeParse(a).success || one.startsWith('@:')).toBe(true);
        expect(a === b).toBe(one === other);
      }),
    );
  });
});
