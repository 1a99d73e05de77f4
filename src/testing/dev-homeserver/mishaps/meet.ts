import { setTimeout as wait } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { Cut } from '../http/cut.ts';
import type { Route } from '../http/router.ts';
import type { RequestMishap } from './mishap.ts';
import type { Asked } from './mishaps.ts';

/** A route to whose requests the mishaps happen that were asked for. */
export function mishapping(homeserver: Homeserver, route: Route): Route {
  return {
    ...route,
    handler: async (call) => {
      const mishap = homeserver.mishaps.ofRequest(askedBy(homeserver, call));
      if (mishap === undefined) return route.handler(call);
      await meet(mishap, 'before', call);
      try {
        return await route.handler(call);
      } finally {
        await meet(mishap, 'after', call);
      }
    },
  };
}

async function meet(mishap: RequestMishap, now: 'before' | 'after', { signal }: Call) {
  const message = `Failed ${now}, as was asked for`;
  if (now === 'before' && mishap.is === 'rate-limit') throw limited(mishap.retryAfterMs);
  if (now === 'before' && mishap.is === 'refuse')
    throw new Fault(mishap.status, mishap.errcode, message);
  if (!('when' in mishap) || mishap.when !== now) return;
  if (mishap.is === 'error') throw new Fault(mishap.status, 'M_UNKNOWN', message);
  if (mishap.is === 'drop') throw new Cut();
  await wait(mishap.delayMs, undefined, { signal, ref: false }).catch(() => {
    throw new Cut();
  });
}

const limited = (retryAfterMs: number) =>
  new Fault(429, 'M_LIMIT_EXCEEDED', 'Too Many Requests', { retry_after_ms: retryAfterMs });

/** What stands before the part of a path that a mishap names. */
const PREFIX = /^\/_matrix\/(client|media)(\/(v\d+|r0))?\//;

function askedBy({ appservices }: Homeserver, { method, path, headers, query }: Call): Asked {
  const token = headers.authorization?.split(' ')[1] ?? query.get('access_token');
  return {
    method,
    segments: path.replace(PREFIX, '').split('/').map(decodeURIComponent),
    appservice: appservices.find(({ asToken }) => asToken === token)?.id,
  };
}
