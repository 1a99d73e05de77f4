import { describe, expect, it } from 'vitest';
import { createKeys } from '../../../src/engine/keys.ts';
import type { MatrixEventId } from '../../../src/model/matrix-ids.ts';

describe('the key of a part', () => {
  const keys = createKeys(new Uint8Array(32).fill(1));
  const delivery = { id: 7, eventId: '$a' as MatrixEventId, portal: 1 };

  it('is the same in every attempt, and only there', () => {
    const other = { ...delivery, eventId: '$b' as MatrixEventId };
    const all = [
      keys.part(delivery, 0),
      keys.part(delivery, 1),
      keys.part(other, 0),
      keys.part({ ...delivery, portal: 2 }, 0),
      createKeys(new Uint8Array(32)).part(delivery, 0),
    ];
    expect(keys.part({ ...delivery }, 0)).toBe(all[0]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('is greater for a later delivery', () => {
    const ids = [1, 2, 35, 36, 1_295, 1_296, 10 ** 12];
    const made = ids.map((id) => keys.part({ ...delivery, id }, 0));
    expect(made).toEqual(made.toSorted());
  });

  it('fits into a tag and a path', () => {
    expect(keys.part(delivery, 0)).toMatch(/^[\w-]{35}$/);
  });
});
