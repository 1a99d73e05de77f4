import type { ChatView } from '../model/remote-ids.ts';
import type { RemoteEventRow, Write } from '../ports/journal.ts';
import { MatrixError } from '../ports/matrix.ts';
import { createBackoff } from './backoff.ts';
import type { Context } from './context.ts';
import type { Turn } from './lanes.ts';
import type { Portals } from './portals.ts';
import { viewKey, viewOf } from './watcher.ts';

const ROWS_A_READ = 200;

/**
 * Wakes the portals of a chat in which something was said. What was said before it had any finds them here, and a
 * private chat gets its room.
 */
export function createChatLane(
  context: Context,
  portals: Portals,
  wakePortal: (id: number) => void,
): (network: string, view: ChatView) => Promise<Turn> {
  const { storage, log } = context;
  const backoff = createBackoff<string>();

  async function route(network: string, view: ChatView): Promise<void> {
    let rows: readonly RemoteEventRow[];
    do {
      rows = await storage.journal.chatHead(network, view, ROWS_A_READ);
      if (rows.length > 0) await deliver(network, view, rows);
    } while (rows.length === ROWS_A_READ);
    for (const { id } of await storage.portals.ofChat(network, view)) wakePortal(id);
  }

  async function deliver(network: string, view: ChatView, rows: readonly RemoteEventRow[]) {
    const there = rows.some(opensChat)
      ? await portals.ensureDirect(network, view)
      : await storage.portals.ofChat(network, view);
    const ids = there.map(({ id }) => id);
    await storage.journal.commit(
      rows.map((row): Write => ({ kind: 'remote-deliveries', of: row.seq, portals: ids })),
    );
  }

  return async (network, view) => {
    const key = viewKey(network, view);
    try {
      await route(network, viewOf(view));
      backoff.succeeded(key);
      return undefined;
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error;
      const waitMs = backoff.failed(key, error.retryAfterMs);
      log('warn', 'The room of a private chat cannot be made; it is tried again', {
        network,
        waitMs: Math.round(waitMs),
        error: error.message,
      });
      return { waitMs };
    }
  };
}

/** Somebody's words are worth a room; their coming and going is not. */
const opensChat = ({ event }: RemoteEventRow): boolean =>
  event.receiver !== undefined && event.kind === 'message' && event.echoOf === undefined;
