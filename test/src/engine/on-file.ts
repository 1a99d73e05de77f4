import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Context } from '../../../src/engine/context.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

/** A storage in a file, and the same as somebody else sees it: only what is committed. */
export async function storageOnFile() {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-'));
  const clock = fakeClock(1_000_000);
  const options = { path: join(folder, 'bridge.db'), key: new Uint8Array(32), clock };
  const storage = await openStorage(options);
  const elsewhere = await openStorage(options);
  onTestFinished(async () => {
    await Promise.all([storage.close(), elsewhere.close()]);
    rmSync(folder, { recursive: true });
  });
  const context = { storage, clock, log: () => {} } as unknown as Context;
  return { storage, elsewhere, context };
}
