import { once } from 'node:events';
import { createServer } from 'node:http';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Answered } from './server/app.ts';
import type { Gatekeeper } from './server/start.ts';

export interface Metrics {
  answered(answered: Answered): void;
  /** What is looked at whenever somebody asks. */
  watch(gatekeeper: Gatekeeper): void;
  close(): Promise<void>;
}

/** Counts, and tells whoever asks on this machine; without a port it only counts. */
export async function startMetrics(port: number | undefined): Promise<Metrics> {
  const registry = new Registry();
  const registers = [registry];
  const answers = new Counter({
    name: 'gatekeeper_answers_total',
    help: 'Calls, by operation, status and the code of a refusal.',
    labelNames: ['operation', 'status', 'code'],
    registers,
  });
  const took = new Histogram({
    name: 'gatekeeper_answer_seconds',
    help: 'How long an answer took, by operation.',
    labelNames: ['operation'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
    registers,
  });
  const close = port === undefined ? async () => {} : await listen(port, registry);
  return {
    answered({ operation = 'none', status, code = '', tookMs }) {
      answers.inc({ operation, status, code });
      took.observe({ operation }, tookMs / 1000);
    },
    watch: (gatekeeper) => watch(gatekeeper, registers),
    close,
  };
}

function watch({ store, context }: Gatekeeper, registers: Registry[]): void {
  new Gauge({
    name: 'gatekeeper_streams_open',
    help: 'Who reads events now.',
    registers,
    collect() {
      this.set(context.hub.streams.count);
    },
  });
  new Gauge({
    name: 'gatekeeper_events_queued',
    help: 'Events that nobody has acknowledged yet.',
    registers,
    collect() {
      this.set(store.events.queued());
    },
  });
}

async function listen(port: number, registry: Registry): Promise<() => Promise<void>> {
  const server = createServer((_request, response) => {
    void registry.metrics().then((text) => {
      response.setHeader('Content-Type', registry.contentType);
      response.end(text);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
}
