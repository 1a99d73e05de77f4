import { describe, expect, it } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import { atMostOnce } from '../../../src/commands/at-most-once.ts';
import type { MatrixEvent } from '../../../src/ports/matrix.ts';
import { storageOnFile } from '../engine/on-file.ts';

const said = (id: string, roomId = '!room:hs.test') => ({ id, roomId }) as MatrixEvent;
const failure = (effect: 'none' | 'unknown') => async () => {
  throw new BridgeError('unreachable', 'away', { effect });
};

describe('atMostOnce', () => {
  it('has it on disk before it begins, and its answer after', async () => {
    const { storage, elsewhere } = await storageOnFile();
    const seen = await atMostOnce(storage, said('$a'), () =>
      // As the next start would find it, if this one ended here.
      atMostOnce(elsewhere, said('$a'), async () => 'again'),
    );
    expect(seen).toMatch(/^Nobody knows whether this was done/);
    await atMostOnce(storage, said('$b'), async () => 'done');
    expect(await atMostOnce(storage, said('$b'), async () => 'again')).toBe('done');
  });

  it('does anew what has certainly done nothing, and nothing else', async () => {
    const { storage } = await storageOnFile();
    await expect(atMostOnce(storage, said('$a'), failure('none'))).rejects.toThrow('away');
    expect(await atMostOnce(storage, said('$a'), async () => 'done')).toBe('done');
    await expect(atMostOnce(storage, said('$b'), failure('unknown'))).rejects.toThrow('away');
    expect(await atMostOnce(storage, said('$b'), async () => 'again')).toMatch(/^Nobody knows/);
  });

  it('knows the rooms apart', async () => {
    const { storage } = await storageOnFile();
    await atMostOnce(storage, said('$a'), async () => 'here');
    await atMostOnce(storage, said('$b', '!other:hs.test'), async () => 'there');
    expect(await atMostOnce(storage, said('$a'), async () => 'again')).toBe('here');
  });
});
