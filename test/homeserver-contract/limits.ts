import { expect, it } from 'vitest';
import type { Open } from './bench.ts';

export function limitClauses(open: Open): void {
  it('says how long to wait: in the body, and in the header in whole seconds', async () => {
    const { status, body, headers } = await open().askTooMuch();
    expect([status, body.errcode]).toEqual([429, 'M_LIMIT_EXCEEDED']);
    expect(body.retry_after_ms).toBeGreaterThan(0);
    expect(headers.get('retry-after')).toBe(String(Math.ceil(body.retry_after_ms / 1000)));
  });
}
