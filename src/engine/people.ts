import type { UserInfo } from '../adapter/info.ts';
import type { Context } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { People } from './ghosts.ts';
import type { Networks } from './networks.ts';

const ASK_DEADLINE_MS = 5_000;
const PICTURE_DEADLINE_MS = 60_000;

/** Asks a network about its people. A network that is slow or away costs looks, never a message. */
export function createPeople(context: Context, networks: Networks): People {
  const { clock, log, matrix } = context;
  const missing = (what: string, network: string) => (error: unknown) => {
    log('debug', what, { network, error: String(error) });
    return undefined;
  };
  return {
    canTell: (network) => networks.isOpen(network),
    async user(network, user): Promise<UserInfo | undefined> {
      if (!networks.isOpen(network)) return undefined;
      return withDeadline(clock, { deadlineMs: ASK_DEADLINE_MS, effect: 'none' }, async (signal) =>
        networks.get(network).user?.(user, signal),
      ).catch(missing('A network did not tell about one of its people', network));
    },
    async picture(network, { avatar }, as) {
      if (avatar === undefined || !networks.isOpen(network)) return undefined;
      const limits = { deadlineMs: PICTURE_DEADLINE_MS, effect: 'none' } as const;
      return withDeadline(clock, limits, async (signal) => {
        const bytes = await networks.get(network).openMedia?.(avatar, signal);
        return bytes && matrix.upload(as, { bytes });
      }).catch(missing('The picture of somebody could not be had', network));
    },
  };
}
