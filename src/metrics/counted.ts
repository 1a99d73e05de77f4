import { Counter, Histogram, type Registry } from 'prom-client';
import type { Metrics } from '../ports/metrics.ts';

/** From what nobody notices to what somebody complains about, and to the hour after which a message has failed. */
const BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600];

/** Counts what the engine tells of. */
export function counted(registry: Registry): Metrics {
  const registers = [registry];
  const deliveries = new Counter({
    ...{ name: 'drawbridge_deliveries_total', labelNames: ['network', 'direction', 'outcome'] },
    help: 'What was bridged, or was not: each message, edit, reaction, coming or going, per portal',
    registers,
  });
  const delays = new Histogram({
    ...{ name: 'drawbridge_delivery_seconds', labelNames: ['network', 'direction'] },
    help: 'From when the bridge heard of it until it was delivered',
    buckets: BUCKETS_S,
    registers,
  });
  const reports = new Counter({
    ...{ name: 'drawbridge_connection_reports_total', labelNames: ['network', 'whose', 'is'] },
    help: 'How often a connection became ready or failed: that of the network itself, or of a voice',
    registers,
  });
  return {
    ended({ network, direction, outcome, delayMs }) {
      deliveries.inc({ network, direction, outcome });
      if (outcome === 'delivered') delays.observe({ network, direction }, delayMs / 1000);
    },
    standing: (report) => reports.inc({ ...report }),
  };
}
