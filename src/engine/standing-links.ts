import type { MatrixRoomId } from '../model/matrix-ids.ts';
import { createAdopting } from './adopting.ts';
import { createConfigured } from './configured.ts';
import type { Context } from './context.ts';
import type { Networks } from './networks.ts';
import type { Portals } from './portals.ts';
import { linker } from './try-link.ts';

/** Links that nobody asked for just now: of the config, and of another bridge. */
export interface StandingLinks {
  /** Makes those of a network, as far as the homeserver lets it; the rest is tried again. */
  link(network: string): Promise<void>;
  /** The bot is in one more room: what could not be linked is tried at once. */
  nudge(roomId: MatrixRoomId): void;
  close(): void;
}

export function createStandingLinks(
  context: Context,
  parts: { readonly networks: Networks; readonly portals: Portals },
): StandingLinks {
  const tryLink = linker(context, parts.portals);
  const configured = createConfigured(context, { ...parts, tryLink });
  const adopting = createAdopting(context, tryLink);
  return {
    async link(network) {
      await configured.link(network);
      await adopting.link(network);
    },
    nudge(roomId) {
      configured.nudge();
      adopting.nudge(roomId);
    },
    close() {
      configured.close();
      adopting.close();
    },
  };
}
