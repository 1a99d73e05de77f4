/** What the rest of the house may know of the config. */

export { AdapterError, type AdapterRegistry, loadAdapter } from './adapters.ts';
export type { BridgeConfig } from './bridge-config.ts';
export type { Environment } from './environment.ts';
export { loadConfig } from './load.ts';
export { storagePaths } from './paths.ts';
export { permissionsIn } from './permissions.ts';
export { ConfigError } from './problem.ts';
export { type Reloading, reloading } from './reloading.ts';
