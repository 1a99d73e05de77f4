import type { MatrixUserId } from '../../model/matrix-ids.ts';
import type { Log } from '../../ports/log.ts';
import type { Homeserver } from './homeserver.ts';

/** What every group of endpoints works with. */
export interface Context {
  readonly homeserver: Homeserver;
  readonly serverName: string;
  readonly bot: MatrixUserId;
  readonly log: Log;
}
