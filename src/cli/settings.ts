import { resolve } from 'node:path';
import { type BridgeConfig, loadConfig } from '../config/index.ts';
import type { Context, Input } from './command.ts';

/** The config file that was named, as a path. */
export const configPath = ({ io }: Context, { options }: Input): string =>
  resolve(io.cwd, String(options['config'] ?? 'config.yaml'));

/** The config that was named, checked. @throws {ConfigError} */
export const settings = (context: Context, input: Input): Promise<BridgeConfig> =>
  loadConfig(configPath(context, input), { adapters: context.adapters, env: context.io.env });
