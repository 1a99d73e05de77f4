import { z } from 'zod';
import { BridgeSection } from './bridge.ts';
import { HomeserverConfig } from './homeserver.ts';
import { LogConfig } from './log.ts';
import { MetricsConfig } from './metrics.ts';
import { NetworkSection } from './network.ts';

const networkId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected an id of small letters, digits and -, such as chat-1');

/** The whole file, but for what only adapters know. */
export const ConfigFile = z.strictObject({
  homeserver: HomeserverConfig.describe('The Matrix homeserver'),
  bridge: BridgeSection.describe('The bridge itself'),
  log: LogConfig.prefault({}).describe('What the log says and how it looks'),
  metrics: MetricsConfig.optional().describe(
    'Metrics for Prometheus, on GET /metrics, where one of these is set. Left out: none are kept',
  ),
  networks: z
    .record(networkId, NetworkSection)
    .refine((networks) => Object.keys(networks).length > 0, 'expected at least one network')
    .describe('The networks that are bridged, each under an id of your choice'),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
