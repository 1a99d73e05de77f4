import { join } from 'node:path';
import type { BridgeConfig } from './bridge-config.ts';

/** What the bridge keeps, in `dataDir`. The key opens the database: a backup needs both, apart. */
export const storagePaths = ({ bridge: { dataDir } }: Pick<BridgeConfig, 'bridge'>) => ({
  database: join(dataDir, 'drawbridge.db'),
  key: join(dataDir, 'storage.key'),
  /** Where the commands of an operator reach the bridge that runs. */
  door: join(dataDir, 'operator.sock'),
});
