import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Context } from '../../../src/engine/context.ts';
import { createGhosts } from '../../../src/engine/ghosts.ts';
import { createNames } from '../../../src/engine/names.ts';
import { remoteUserId } from '../../../src/model/remote-ids.ts';
import type { Storage } from '../../../src/ports/store.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';

let storage: Storage;
afterEach(() => storage.close());

describe('createGhosts', () => {
  it('asks again for a name that nobody could tell while the network was away, then no more', async () => {
    storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
    const done: string[] = [];
    const matrix = {
      register: async () => void done.push('registers'),
      setProfile: async (_: string, { name }: { name?: string }) => void done.push(`is ${name}`),
    };
    const names = createNames('bridge_', 'hs.test', ['net']);
    const context = { storage, names, matrix, log: () => {} } as unknown as Context;
    let isThere = false;
    const ghosts = createGhosts(context, {
      canTell: () => isThere,
      user: async () => (isThere ? { name: 'Carol' } : undefined),
      picture: async () => undefined,
    });
    const exists = () => ghosts.exist('net', remoteUserId('u1'));

    await exists();
    isThere = true;
    await exists();
    await exists();
    expect(done).toEqual(['registers', 'is u1', 'is Carol']);
  });
});
