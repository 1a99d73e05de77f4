import type { MatrixUserId } from '../../model/matrix-ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { MatrixPort } from '../../ports/matrix.ts';
import { systemClock } from '../../util/system-clock.ts';
import { parse } from '../events/parse.ts';
import { parseHint } from '../events/parse-hint.ts';
import type { Context } from './context.ts';
import { hints } from './hints.ts';
import { homeserver } from './homeserver.ts';
import { media } from './media.ts';
import { membership } from './membership.ts';
import { messages } from './messages.ts';
import { roomFacts } from './room-facts.ts';
import { roomInfo } from './room-info.ts';
import { rooms } from './rooms.ts';
import { type Server, server } from './server.ts';
import { titles } from './titles.ts';
import { users } from './users.ts';

export interface MatrixClientOptions {
  /** Where the homeserver's client API is. */
  readonly url: string;
  readonly asToken: string;
  /** What stands behind the colon of its users. */
  readonly serverName: string;
  readonly bot: MatrixUserId;
  readonly log: Log;
  readonly clock?: Clock;
  /** Aborted: each request has one attempt, and no limit is waited out. Absent: it is told by `close`. */
  readonly signal?: AbortSignal;
}

export interface MatrixClient extends MatrixPort, Server {
  /** Afterwards every request fails as `away`. What runs may end, for five seconds at most. */
  close(): Promise<void>;
}

/**
 * The homeserver, over HTTP.
 *
 * A body with media is sent as text that names its files: they are not uploaded yet.
 */
export function matrixClient(options: MatrixClientOptions): MatrixClient {
  const { url, asToken, serverName, bot, log, clock = systemClock, signal } = options;
  const http = homeserver({ url, asToken, clock, log, ...(signal && { signal }) });
  const context: Context = { homeserver: http, serverName, bot, log };
  return {
    serverName,
    bot,
    parse,
    parseHint,
    ...users(context),
    ...messages(context),
    ...hints(context),
    ...membership(context),
    ...rooms(context),
    ...roomFacts(context),
    ...roomInfo(context),
    ...titles(context),
    ...media(context),
    ...server(context),
    outages: http.outages,
    close: () => http.close(),
  };
}
