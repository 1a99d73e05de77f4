import type { Clock } from '../../ports/clock.ts';
import type { AppserviceHandler } from '../../ports/matrix.ts';
import { tokenBucket } from '../../util/token-bucket.ts';
import { refuse } from './answer.ts';
import type { Route } from './routes.ts';

/** Behind a proxy all readers have one address. */
const LIMITS = { burst: 100, perSecond: 10, maxKeys: 1000 };

/** People wrote it: a browser is to show it as the text that it is, and to do nothing else with it. */
const HEADERS = {
  'Content-Type': 'text/plain; charset=utf-8',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex',
  'Cache-Control': 'private, no-store',
};

/** `GET /published/{network}/{id}`: a text that was too long for a network, for whoever knows its address. */
export function published(handler: Pick<AppserviceHandler, 'published'>, clock: Clock): Route {
  const readers = tokenBucket(LIMITS);
  return {
    method: 'GET',
    path: /^\/published\/([a-z0-9-]{1,64}\/[\w-]{1,64})$/,
    isPublic: true,
    async handle(ctx, part) {
      const waitMs = readers.take(ctx.ip, clock.now());
      if (waitMs > 0) {
        ctx.set('Retry-After', String(Math.ceil(waitMs / 1000)));
        refuse(ctx, 429, 'M_LIMIT_EXCEEDED', 'Too many requests');
        return;
      }
      const [network = '', id = ''] = part.split('/');
      const text = await handler.published(network, id);
      if (text === undefined) {
        refuse(ctx, 404, 'M_NOT_FOUND', 'There is no such text, or no longer');
        return;
      }
      ctx.set(HEADERS);
      ctx.body = text;
    },
  };
}
