import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { type BridgeConfig, storagePaths } from '../config/index.ts';
import type { Repairs } from '../ports/journal.ts';
import { type Context, type Input, UsageError } from './command.ts';
import { settings } from './settings.ts';

/**
 * Looks into the storage of a bridge, whether that runs or not. Makes neither a database nor a key:
 * a new key beside an old database would open nothing.
 */
export async function withRepairs<T>(
  context: Context,
  input: Input,
  work: (repairs: Repairs) => Promise<T>,
): Promise<T> {
  const storage = await openExisting(await settings(context, input));
  try {
    return await work(storage.repairs);
  } finally {
    await storage.close();
  }
}

export async function openExisting(config: BridgeConfig) {
  const { database, key } = storagePaths(config);
  const { storageKey } = config.secrets;
  if (!existsSync(database))
    throw new UsageError(
      `there is no database ${database}: no bridge has run with this config yet`,
    );
  if (storageKey === undefined && !existsSync(key))
    throw new UsageError(
      `the key file ${key} is missing: restore it from a backup, or set DRAWBRIDGE_STORAGE_KEY`,
    );
  return open(config);
}

/** A new one, with a key of its own. */
export async function makeStorage(config: BridgeConfig) {
  await mkdir(config.bridge.dataDir, { recursive: true, mode: 0o700 });
  return open(config);
}

async function open(config: BridgeConfig) {
  const { database, key } = storagePaths(config);
  const { loadOrCreateKey } = await import('../store/key-file.ts');
  const { openStorage } = await import('../store/sqlite/index.ts');
  return openStorage({ path: database, key: loadOrCreateKey(key, config.secrets.storageKey) });
}
