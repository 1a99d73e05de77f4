import { createServer } from 'node:http';
import Koa, { type Middleware } from 'koa';
import type { AppserviceHandler } from '../../ports/appservice.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { type ListenAt, listen } from '../../util/listen.ts';
import { systemClock } from '../../util/system-clock.ts';
import { refuse } from './answer.ts';
import { type Auth, auth } from './auth.ts';
import { closing } from './close-server.ts';
import { health } from './health.ts';
import { ping } from './ping.ts';
import { queries } from './queries.ts';
import { findRoute, type Route } from './routes.ts';
import { shown } from './shown.ts';
import { thirdParty } from './third-party.ts';
import { transactions } from './transactions.ts';

/** Synapse keeps a connection for two minutes: we must not be the one that closes it under a request. */
const KEEP_ALIVE_MS = 130_000;

export interface AppserviceFace {
  /** @throws {Error} when it cannot. */
  listen(at: ListenAt): Promise<{ readonly port: number }>;
  /** Takes no more requests, and lets those that run end, for ten seconds at most. */
  close(): Promise<void>;
}

/** What the homeserver calls. One per registration. */
export function appserviceFace(options: {
  readonly hsToken: string;
  readonly handler: AppserviceHandler;
  readonly log: Log;
  readonly clock?: Clock;
}): AppserviceFace {
  const { handler, log, clock = systemClock } = options;
  const routes = [
    transactions(handler, log),
    ...queries(handler),
    ping(handler),
    ...thirdParty(handler),
    health(handler),
    ...shown(handler, clock),
  ];
  let isClosing = false;
  const app = new Koa();
  // Koa prints errors with the address of the request in them, and that may have a token in it.
  app.silent = true;
  app.on('error', (error: Error) => log('debug', 'A connection broke', { error: error.message }));
  app.use(async (ctx, next) => {
    await next();
    if (isClosing) ctx.set('Connection', 'close');
  });
  app.use(dispatch(routes, auth(options.hsToken, log, clock), log));

  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: KEEP_ALIVE_MS + 10_000 },
    app.callback(),
  );
  const close = closing(server);
  return {
    listen: (at) => listen(server, at, 'bridge.listen'),
    close() {
      isClosing = true;
      return close();
    },
  };
}

function dispatch(routes: readonly Route[], isHomeserver: Auth, log: Log): Middleware {
  return async (ctx) => {
    const found = findRoute(routes, ctx);
    if (!found || !(found.route.isPublic || isHomeserver(ctx))) return;
    try {
      await found.route.handle(ctx, found.part);
    } catch (error) {
      // Cut off by the other side: nobody is left to answer.
      if (ctx.req.destroyed && !ctx.req.complete) return;
      log('error', 'A request of the homeserver failed; it will come again', {
        route: found.route.path.source,
        error,
      });
      refuse(ctx, 500, 'M_UNKNOWN', 'The bridge could not do this now');
    }
  };
}
