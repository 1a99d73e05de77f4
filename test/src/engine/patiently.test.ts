import { describe, expect, it } from 'vitest';
import { patiently } from '../../../src/engine/patiently.ts';
import { MatrixError } from '../../../src/ports/matrix.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const refused = (status: number, retryAfterMs?: number) =>
  new MatrixError('away', 'no', {
    endpoint: 'POST /',
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });

describe('patiently', () => {
  it('asks again when the homeserver said, or after half a minute, until it is allowed', async () => {
    const clock = fakeClock();
    const askedAtMs: number[] = [];
    const limits = [refused(429, 5_000), refused(429)];
    const done = patiently(clock, new AbortController().signal, async () => {
      askedAtMs.push(clock.now());
      const limit = limits.shift();
      if (limit) throw limit;
      return 'done';
    });
    await clock.advance(60_000);
    expect(await done).toBe('done');
    expect(askedAtMs).toEqual([0, 5_000, 35_000]);
  });

  it('gives up for any other reason, and when the bridge stops', async () => {
    const clock = fakeClock();
    const stopping = new AbortController();
    await expect(
      patiently(clock, stopping.signal, () => Promise.reject(refused(502))),
    ).rejects.toMatchObject({ status: 502 });

    const waits = patiently(clock, stopping.signal, () => Promise.reject(refused(429, 5_000)));
    stopping.abort();
    await expect(waits).rejects.toMatchObject({ status: 429 });
    expect(clock.waiting).toBe(0);
  });
});
