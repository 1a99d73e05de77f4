import type { Context } from 'koa';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { sameSecret } from '../../util/same-secret.ts';
import { tokenBucket } from '../../util/token-bucket.ts';
import { refuse } from './answer.ts';

/** Says whether a request comes from the homeserver; if not, it has been answered. */
export type Auth = (ctx: Context) => boolean;

/**
 * Knows the homeserver by its token: in the header, or, where there is no header, in the query, as
 * older homeservers send it.
 *
 * Whoever keeps guessing is slowed down, and logged once in a while only. The right token always
 * passes: behind a proxy a stranger has the homeserver's address.
 */
export function auth(hsToken: string, log: Log, clock: Clock): Auth {
  const failures = tokenBucket({ burst: 20, perSecond: 1, maxKeys: 1000 });
  return (ctx) => {
    const given = givenToken(ctx);
    if (given !== undefined && sameSecret(given, hsToken)) return true;

    const waitMs = failures.take(ctx.ip, clock.now());
    if (waitMs > 0) {
      ctx.set('Retry-After', String(Math.ceil(waitMs / 1000)));
      ctx.status = 429;
      ctx.body = {
        errcode: 'M_LIMIT_EXCEEDED',
        error: 'Too many requests without the right token',
        retry_after_ms: waitMs,
      };
      return false;
    }
    log('warn', 'A request came without the right homeserver token', {
      from: ctx.ip,
      token: given === undefined ? 'missing' : 'wrong',
      todo: 'Compare hs_token in the registration file of the homeserver and of the bridge',
    });
    if (given === undefined) refuse(ctx, 401, 'M_MISSING_TOKEN', 'The homeserver token is missing');
    else refuse(ctx, 403, 'M_FORBIDDEN', 'This is not the homeserver token');
    return false;
  };
}

function givenToken(ctx: Context): string | undefined {
  const header = ctx.get('authorization');
  if (header !== '') return /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '';
  const query = new URLSearchParams(ctx.querystring).get('access_token');
  return query ?? undefined;
}
