import { type BridgeConfig, storagePaths } from '../config/index.ts';
import { askBridge } from '../operator/ask.ts';
import { UsageError } from './command.ts';

/** Asks the bridge that runs with this config. @throws {UsageError} when none does. */
export async function askRunning<T>(
  config: BridgeConfig,
  what: string,
  asked: unknown = {},
): Promise<T> {
  const { door } = storagePaths(config);
  const answer = await askBridge(door, what, asked);
  if (answer === undefined)
    throw new UsageError(`no bridge runs with this config: nobody answers at ${door}`);
  return answer as T;
}
