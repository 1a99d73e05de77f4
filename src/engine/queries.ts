import { BridgeError } from '../adapter/errors.ts';
import type { AppserviceHandler } from '../ports/appservice.ts';
import type { Context } from './context.ts';
import type { Ghosts } from './ghosts.ts';
import type { Networks } from './networks.ts';
import type { Portals } from './portals.ts';

type Queries = Pick<AppserviceHandler, 'userExists' | 'aliasExists' | 'pinged'>;

/** What the homeserver asks before it believes that a user or a room is not there. */
export function createQueries(
  context: Context,
  parts: { readonly ghosts: Ghosts; readonly networks: Networks; readonly portals: Portals },
): Queries {
  const { names, matrix, log } = context;
  return {
    async userExists(userId) {
      if (userId === matrix.bot) {
        await matrix.register(matrix.bot);
        return true;
      }
      const ghost = names.ghostOf(userId);
      if (!ghost) return false;
      await parts.ghosts.exist(ghost.network, ghost.user);
      return true;
    },
    async aliasExists(alias) {
      const wanted = names.aliasOf(alias);
      if (!wanted) return false;
      if (parts.portals.isMaking(wanted.network, wanted.chat)) return false;
      if (!parts.portals.requests.take()) {
        log('warn', 'Too many rooms are asked for by alias; this one is not made', { alias });
        return false;
      }
      try {
        return (await parts.portals.ensureAlias(wanted.network, wanted.chat)) !== undefined;
      } catch (error) {
        if (!(error instanceof BridgeError) || error.advice.retry === 'later') throw error;
        return false;
      }
    },
    pinged(transactionId) {
      log('debug', 'The homeserver reached the bridge', { transactionId });
    },
  };
}
