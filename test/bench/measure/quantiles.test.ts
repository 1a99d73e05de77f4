import { describe, expect, it } from 'vitest';
import { median, quantile } from '../../../bench/measure/quantiles.ts';

describe('quantile', () => {
  it('is the value below which such a share lies', () => {
    const sorted = Array.from({ length: 100 }, (_, at) => at);

    expect(quantile(sorted, 0.5)).toBe(50);
    expect(quantile(sorted, 0.99)).toBe(99);
    expect(quantile(sorted, 1)).toBe(99);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('median', () => {
  it('is the middle one, or between the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
  });
});
