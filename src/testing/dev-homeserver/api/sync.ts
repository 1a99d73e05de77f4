import { z } from 'zod';
import { notFound, refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { type Requester, requester } from '../requester.ts';
import { readFilter } from '../sync/filter.ts';
import type { SyncRequest } from '../sync/request.ts';
import { sync } from '../sync/sync.ts';
import { readToken } from '../token.ts';
import { checkOwn } from './personal-data.ts';

/** The news, and the filters that thin them out. */
export function syncRoutes(homeserver: Homeserver): readonly Route[] {
  const { personal } = homeserver.world;
  return [
    ...client('GET', '/sync', (call) => waitForNews(homeserver, call)),
    ...client('POST', '/user/:userId/filter', async (call) => {
      const userId = checkOwn(requester(homeserver, call), call.param('userId'));
      const filter = await call.json(z.record(z.string(), z.unknown()));
      homeserver.commit({ kind: 'filter', userId, filter });
      return { filter_id: String(personal.filterCount(userId) - 1) };
    }),
    ...client('GET', '/user/:userId/filter/:filterId', (call) => {
      const userId = checkOwn(requester(homeserver, call), call.param('userId'));
      if (!/^\d+$/.test(call.param('filterId'))) throw refused('Invalid filter_id');
      const filter = personal.filter(userId, call.param('filterId'));
      if (filter === undefined) throw notFound('No such filter');
      return filter;
    }),
  ];
}

/** Answers at once where there is news, or where everything is asked for; else waits for it. */
async function waitForNews(homeserver: Homeserver, call: Call): Promise<object> {
  const who = requester(homeserver, call);
  checkNotSender(who);
  const since = call.query.get('since');
  const request: SyncRequest = {
    who,
    since: since === null ? undefined : readToken(since),
    filter: readFilter(homeserver, who.userId, call.query.get('filter')),
    fullState: call.query.get('full_state') === 'true',
  };
  const deadline = Date.now() + (call.number('timeout') ?? 0);
  for (;;) {
    const { hasNews, body } = sync(homeserver, request);
    const leftMs = deadline - Date.now();
    if (hasNews || since === null || request.fullState || leftMs <= 0 || call.signal.aborted)
      return body;
    await homeserver.notifier.wait(who.userId, leftMs, call.signal);
  }
}

/** The sender of an appservice has no account, and Synapse falls over it. */
function checkNotSender({ userId, appservice }: Requester): void {
  if (userId === appservice?.sender) throw refused('Internal server error', 500);
}
