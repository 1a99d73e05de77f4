import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { type MakeStorage, storeContract } from '../../../src/testing/store-contract.ts';

const key = new Uint8Array(32).fill(7);

const inMemory: MakeStorage = async () => {
  const storage = await openStorage({ path: ':memory:', key });
  return { storage, reopen: async () => storage, close: () => storage.close() };
};

const inFile: MakeStorage = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-'));
  const open = () => openStorage({ path: join(folder, 'bridge.db'), key });
  let storage = await open();
  return {
    storage,
    async reopen() {
      await storage.close();
      storage = await open();
      return storage;
    },
    async close() {
      await storage.close();
      await rm(folder, { recursive: true });
    },
  };
};

describe.each([
  ['in memory', inMemory],
  ['in a file', inFile],
])('storeContract, sqlite %s', (_name, makeStorage) => storeContract(makeStorage));
