import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import { counted } from './counted.ts';
import { lookedAt, type Standing } from './looked-at.ts';
import { type MetricsServer, serve } from './server.ts';

export interface Watch extends MetricsServer {
  readonly metrics: Metrics;
}

/**
 * Metrics in the text format of Prometheus, with those of the process, on a server of their own.
 *
 * @param look How the bridge stands now; asked for each scrape. Where it fails, the answer is 503.
 */
export function createWatch(look: () => Promise<Standing>, log: Log): Watch {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = counted(registry);
  const set = lookedAt(registry);
  const read = async () => {
    set(await look());
    return registry.metrics();
  };
  return { metrics, ...serve({ read, contentType: registry.contentType, log }) };
}
