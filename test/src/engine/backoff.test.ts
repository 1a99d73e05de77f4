import { describe, expect, it } from 'vitest';
import { createBackoff } from '../../../src/engine/backoff.ts';

describe('createBackoff', () => {
  it('waits longer from one failure to the next, up to a minute', () => {
    const backoff = createBackoff<string>(() => 0.5);
    const waits = Array.from({ length: 9 }, () => backoff.failed('a'));
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('begins anew after a success, and keeps keys apart', () => {
    const backoff = createBackoff<string>(() => 0.5);
    backoff.failed('a');
    backoff.failed('a');
    expect(backoff.failed('b')).toBe(500);
    backoff.succeeded('a');
    expect(backoff.failed('a')).toBe(500);
  });

  it("waits as long as the other side's own word says", () => {
    expect(createBackoff<string>(() => 0.5).failed('a', 90_000)).toBe(90_000);
  });
});
