import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Context } from '../../../src/engine/context.ts';
import { createGhosts } from '../../../src/engine/ghosts.ts';
import { createNames } from '../../../src/engine/names.ts';
import { mediaRef, remoteUserId } from '../../../src/model/remote-ids.ts';
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

  it('tells the homeserver what is new only, however often the network says that somebody has changed', async () => {
    storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
    const done: unknown[] = [];
    const matrix = {
      register: async () => {},
      setProfile: async (_: string, profile: unknown) => void done.push(profile),
    };
    const names = createNames('bridge_', 'hs.test', ['net']);
    const context = { storage, names, matrix, log: () => {} } as unknown as Context;
    let info = { name: 'Carol', avatar: mediaRef('one') };
    const ghosts = createGhosts(context, {
      canTell: () => true,
      user: async () => info,
      picture: async (_, { avatar }) => `mxc://hs.test/${avatar}`,
    });
    async function changes(to: Partial<typeof info>) {
      info = { ...info, ...to };
      ghosts.changed('net', remoteUserId('u1'));
      await ghosts.exist('net', remoteUserId('u1'));
    }

    for (let n = 0; n < 5; n++) await changes({});
    await changes({ avatar: mediaRef('two') });
    for (let n = 0; n < 5; n++) await changes({});
    await changes({ name: 'Caro' });
    expect(done).toEqual([
      { name: 'Carol', avatar: 'mxc://hs.test/one' },
      { avatar: 'mxc://hs.test/two' },
      { name: 'Caro' },
    ]);
  });
});
