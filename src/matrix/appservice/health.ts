import type { AppserviceHandler } from '../../ports/appservice.ts';
import type { Route } from './routes.ts';

/** The path of the database is nobody's business here. */
const REASON = 'The database cannot be written: the log says why';

/** For the probe of an operator: it is well while it can take what it is sent. */
export function health({ canTake }: Pick<AppserviceHandler, 'canTake'>): Route {
  return {
    method: 'GET',
    path: /^\/health$/,
    isPublic: true,
    handle(ctx) {
      const ok = canTake();
      ctx.status = ok ? 200 : 503;
      ctx.body = ok ? { ok } : { ok, reason: REASON };
    },
  };
}
