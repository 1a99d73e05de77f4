import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type EventEnvelope, limits } from '#gia/schemas';
import { Hub } from '../hub/hub.ts';
import { sweep } from '../hub/sweep.ts';
import { watchWriters } from '../hub/watch-writers.ts';
import { budgets, type Rates } from '../limits/budgets.ts';
import { guardedAgent, internet, type Net } from '../net/guarded-agent.ts';
import { resources } from '../resources/index.ts';
import { openStore, type Store } from '../store/index.ts';
import type { TlsFiles } from '../tls/self-made.ts';
import { providerKeys } from '../tokens/provider-keys.ts';
import { type Answered, createApp, type Shown } from './app.ts';
import type { Context } from './context.ts';
import { Faults } from './faults.ts';
import { readSecrets } from './secrets.ts';

export interface StartOptions {
  readonly domain: string;
  /** Where its files lie. */
  readonly folder: string;
  readonly tls: TlsFiles;
  /** 0: one that is free. */
  readonly port?: number;
  readonly host?: string;
  /** Where everybody finds it; absent: `https://localhost` and the port. */
  readonly origin?: string;
  readonly rates?: Rates;
  readonly net?: Net;
  readonly faults?: Faults;
  readonly now?: () => number;
  readonly heartbeatMs?: number;
  readonly sendCode?: (visibleId: string, code: string) => void;
  readonly onAnswer?: (answered: Answered) => void;
  readonly onError?: (error: unknown) => void;
  /** Sees all answers and events as they go out: for tests. */
  readonly show?: (shown: Shown | { readonly event: EventEnvelope }) => void;
}

export interface Gatekeeper {
  readonly origin: string;
  readonly context: Context;
  readonly store: Store;
  readonly faults: Faults;
  sweep(): Promise<void>;
  close(): Promise<void>;
}

const nothing = () => {};
const SWEEP_MS = 60_000;

/** A gatekeeper that listens. */
export async function startGatekeeper(options: StartOptions): Promise<Gatekeeper> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const { now = Date.now, faults = new Faults(), onError = nothing, show } = options;
  const store = openStore(join(options.folder, 'gatekeeper.db'));
  const server = createServer({
    cert: options.tls.cert,
    key: options.tls.key,
    requestTimeout: 60_000,
  });
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const context = createContext(options, store, options.origin ?? `https://localhost:${port}`);
  const { hub, folder } = context;
  const watch = (event: EventEnvelope) => show?.({ event });
  const handlers = resources(context, {
    heartbeatMs: options.heartbeatMs ?? limits.heartbeatMs,
    watch,
  });
  const { onAnswer = nothing } = options;
  const app = createApp({ context, handlers, faults, onAnswer, onError, show });
  const answer = app.callback();
  /** What is being answered: its work goes on where its connection is cut, and needs the database. */
  const underWay = new Set<Promise<void>>();
  server.on('request', (request, response) => {
    const answering = answer(request, response).finally(() => underWay.delete(answering));
    underWay.add(answering);
  });
  const sweepNow = () => sweep({ store, hub, folder, nowMs: now() });
  const timer = setInterval(() => void sweepNow().catch(onError), SWEEP_MS).unref();
  const stopWatching = watchWriters(store, hub);
  return {
    origin: context.origin,
    context,
    store,
    faults,
    sweep: sweepNow,
    async close() {
      clearInterval(timer);
      stopWatching();
      hub.streams.endAll();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 500).unref();
      await closed;
      await Promise.allSettled(underWay);
      await context.agent.close();
      store.close();
    },
  };
}

function createContext(options: StartOptions, store: Store, origin: string): Context {
  const { now = Date.now, rates = {}, domain, folder } = options;
  const secrets = readSecrets(join(folder, 'secret.key'));
  const agent = guardedAgent(options.net ?? internet);
  return {
    domain,
    origin,
    folder,
    store,
    hub: new Hub(store, secrets, now),
    budgets: budgets(rates, now),
    rates,
    keys: providerKeys(agent, now),
    agent,
    secrets,
    now,
    sendCode: options.sendCode ?? nothing,
  };
}
