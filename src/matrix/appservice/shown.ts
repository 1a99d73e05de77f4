import type { Context } from 'koa';
import { type AppserviceHandler, CannotShow, type Shown } from '../../ports/appservice.ts';
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

/** What anybody may see who was given its address. */
export function shown(
  handler: Pick<AppserviceHandler, 'shown' | 'served'>,
  clock: Clock,
): readonly Route[] {
  const readers = tokenBucket(LIMITS);
  const files = shownFiles(clock);
  const route = (path: RegExp, find: (part: string) => Promise<Shown | undefined>): Route => ({
    ...{ method: 'GET', path, isPublic: true },
    async handle(ctx, part) {
      const waitMs = readers.take(ctx.ip, clock.now());
      if (waitMs > 0) {
        ctx.set('Retry-After', String(Math.ceil(waitMs / 1000)));
        refuse(ctx, 429, 'M_LIMIT_EXCEEDED', 'Too many requests');
        return;
      }
      try {
        await show(ctx, await find(part));
      } catch (error) {
        explain(ctx, error);
      }
    },
  });
  return [
    // `GET /said/{token}/{name}`: what somebody said, or its file. The name is for people and their programs.
    route(/^\/said\/([^/]{1,500})(?:\/[^/]{0,500})?$/, (token) => handler.shown(token)),
    // `GET /at/{network}/{path}`: what a network serves.
    route(/^\/at\/([a-z0-9-]{1,63}\/[\w-]{1,1500})$/, (part) => {
      const [network = '', path = ''] = part.split('/');
      return handler.served(network, path);
    }),
  ];

  async function show(ctx: Context, what: Shown | undefined): Promise<void> {
    if (!what) return notThere(ctx);
    ctx.set(HEADERS);
    if ('file' in what) return files.send(ctx, what);
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = what.text;
  }
}

/** @throws what is none of the failures that are to be expected. */
function explain(ctx: Context, error: unknown): void {
  const isForNow =
    (error instanceof CannotShow && error.isForNow) ||
    (error instanceof MatrixError && error.kind !== 'refused');
  if (isForNow) refuse(ctx, 503, 'M_UNKNOWN', 'It cannot be had now');
  else if (error instanceof CannotShow || error instanceof MatrixError) notThere(ctx);
  else throw error;
}

const notThere = (ctx: Context) =>
  refuse(ctx, 404, 'M_NOT_FOUND', 'There is nothing under this address, or no longer');
