import type { MatrixPort } from '../../ports/matrix.ts';
import { wellFormed } from '../../util/well-formed.ts';
import { contentJson } from './content.ts';
import type { Context } from './context.ts';
import { endpoints } from './endpoint.ts';

/** What a ghost does in passing. */
export function hints({
  homeserver,
}: Context): Pick<MatrixPort, 'typing' | 'markRead' | 'setPresence'> {
  return {
    async typing(roomId, as, forMs) {
      const timeout = Math.max(0, Math.round(forMs));
      const json = contentJson(
        endpoints.typing,
        timeout > 0 ? { typing: true, timeout } : { typing: false },
      );
      await homeserver.request(endpoints.typing, { ids: [roomId, as], as, json });
    },

    async setPresence(as, away) {
      const status = away === undefined ? {} : { status_msg: wellFormed(away) };
      const presence = away === undefined ? 'online' : 'unavailable';
      const json = contentJson(endpoints.setPresence, { presence, ...status });
      await homeserver.request(endpoints.setPresence, { ids: [as], as, json });
    },

    // Of no thread in particular: what was said there before is read as well.
    async markRead(roomId, as, upTo) {
      await homeserver.request(endpoints.markRead, { ids: [roomId, upTo], as, json: '{}' });
    },
  };
}
