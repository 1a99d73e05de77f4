import { describe, expect, it } from 'vitest';
import { Idempotency } from '../../../../src/testing/dev-homeserver/idempotency.ts';
import { fakeClock } from '../../../../src/testing/index.ts';

describe('Idempotency', () => {
  const ready = () => {
    const clock = fakeClock();
    const idempotency = new Idempotency(clock);
    let count = 0;
    const ask = (key: string) => idempotency.once(key, async () => ++count);
    return { clock, idempotency, ask };
  };

  it('answers the same again for half an hour', async () => {
    const { clock, ask } = ready();
    expect([await ask('a'), await ask('a'), await ask('b')]).toEqual([1, 1, 2]);
    await clock.advance(30 * 60_000 - 1);
    expect(await ask('a')).toBe(1);
    await clock.advance(1);
    expect(await ask('a')).toBe(3);
  });

  it('forgets what failed', async () => {
    const { idempotency, ask } = ready();
    await expect(idempotency.once('a', () => Promise.reject(new Error('no')))).rejects.toThrow();
    expect(await ask('a')).toBe(1);
  });
});
