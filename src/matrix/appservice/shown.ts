import type { Context } from 'koa';
import type { AppserviceHandler, Shown } from '../../ports/appservice.ts';
import type { Clock } from '../../ports/clock.ts';
import { MatrixError } from '../../ports/matrix.ts';
import { tokenBucket } from '../../util/token-bucket.ts';
import { refuse } from './answer.ts';
import type { Route } from './routes.ts';
import { shownFiles } from './shown-file.ts';

/** Behind a proxy all readers have one address. */
const LIMITS = { burst: 100, perSecond: 10, maxKeys: 1000 };

/** People wrote it: a browser is to show it as what it is, and to do nothing else with it. */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy':
    "default-src 'none'; media-src 'self'; frame-ancestors 'none'; sandbox",
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex',
  'Cache-Control': 'private, no-store',
};

/** `GET /said/{token}/{name}`: what somebody said, or its file, for whoever was given its address. */
export function shown(handler: Pick<AppserviceHandler, 'shown'>, clock: Clock): Route {
  const readers = tokenBucket(LIMITS);
  const files = shownFiles(clock);
  return {
    method: 'GET',
    // The name is for people and their programs.
    path: /^\/said\/([^/]{1,500})(?:\/[^/]{0,500})?$/,
    isPublic: true,
    async handle(ctx, token) {
      const waitMs = readers.take(ctx.ip, clock.now());
      if (waitMs > 0) {
        ctx.set('Retry-After', String(Math.ceil(waitMs / 1000)));
        refuse(ctx, 429, 'M_LIMIT_EXCEEDED', 'Too many requests');
        return;
      }
      try {
        await show(ctx, await handler.shown(token));
      } catch (error) {
        if (!(error instanceof MatrixError)) throw error;
        if (error.kind === 'refused') notThere(ctx);
        else refuse(ctx, 503, 'M_UNKNOWN', 'The homeserver cannot be asked for it now');
      }
    },
  };

  async function show(ctx: Context, what: Shown | undefined): Promise<void> {
    if (!what) return notThere(ctx);
    ctx.set(HEADERS);
    if ('file' in what) return files.send(ctx, what);
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = what.text;
  }
}

const notThere = (ctx: Context) =>
  refuse(ctx, 404, 'M_NOT_FOUND', 'There is nothing under this address, or no longer');
