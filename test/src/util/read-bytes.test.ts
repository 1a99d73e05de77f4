import { describe, expect, it } from 'vitest';
import { readBytes } from '../../../src/util/read-bytes.ts';

async function* chunks(...parts: readonly string[]) {
  for (const part of parts) yield Buffer.from(part);
}

describe('readBytes', () => {
  it('reads as much as is allowed', async () => {
    const { bytes, complete } = await readBytes(chunks('ab', 'c'), 3, 2);
    expect([bytes.toString(), complete]).toEqual(['abc', true]);
  });

  it('keeps the beginning of what is longer, and reads it to its end', async () => {
    let isRead = false;
    async function* long() {
      yield* chunks('ab', 'cd', 'ef');
      isRead = true;
    }
    const { bytes, complete } = await readBytes(long(), 3, 2);
    expect([bytes.toString(), complete, isRead]).toEqual(['ab', false, true]);
  });
});
