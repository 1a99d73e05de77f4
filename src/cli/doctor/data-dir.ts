import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type BridgeConfig, storagePaths } from '../../config/index.ts';
import { databaseVersion } from '../../store/sqlite/inspect.ts';
import { openExisting } from '../storage.ts';
import { type Finding, fail, ok, reasonOf, warn } from './finding.ts';

const MIB = 1024 * 1024;
const SCARCE_BYTES = 500 * MIB;
const TOO_LITTLE_BYTES = 50 * MIB;

/** Whether what is kept can be kept. Makes nothing, and brings no database to a newer version. */
export async function checkDataDir(config: BridgeConfig): Promise<readonly Finding[]> {
  return [await checkDatabase(config), await checkDisk(config.bridge.dataDir)];
}

async function checkDatabase(config: BridgeConfig): Promise<Finding> {
  const { database } = storagePaths(config);
  try {
    if (!existsSync(database)) return await toBeMade(config.bridge.dataDir);
    const { is, newest } = databaseVersion(database);
    if (is < newest)
      return warn(
        `The database ${database} has version ${is} and gets ${newest} at the next start: back it up before`,
      );
    const storage = await openExisting(config);
    try {
      // Takes the lock for writing and writes nothing: no dead letter is so old.
      await storage.repairs.expire(0);
    } finally {
      await storage.close();
    }
    return ok(`The database ${database} can be read and written (version ${is})`);
  } catch (error) {
    return fail(reasonOf(error));
  }
}

async function toBeMade(dataDir: string): Promise<Finding> {
  await access(existing(dataDir), constants.W_OK);
  return ok(`There is no database yet; the first start makes it in ${dataDir}`);
}

const existing = (path: string): string => (existsSync(path) ? path : existing(dirname(path)));

async function checkDisk(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(existing(dataDir));
  const freeBytes = bavail * bsize;
  const text = `${Math.floor(freeBytes / MIB)} MiB are free for ${dataDir}`;
  if (freeBytes < TOO_LITTLE_BYTES) return fail(`Only ${text}: make room`);
  return freeBytes < SCARCE_BYTES ? warn(`Only ${text}: make room`) : ok(text);
}
