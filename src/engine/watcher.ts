import { BridgeError } from '../adapter/errors.ts';
import type { Network } from '../adapter/network.ts';
import type { Portal } from '../model/portal.ts';
import type { ChatView } from '../model/remote-ids.ts';
import type { Clock } from '../ports/clock.ts';
import { createBackoff } from './backoff.ts';
import type { Context } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { Networks } from './networks.ts';
import { portalsOf } from './portals-of.ts';

/** Catching up on what was missed may take long. */
const WATCH_DEADLINE_MS = 10 * 60_000;
/** Somebody waits for the answer to their command. */
const UNWATCH_DEADLINE_MS = 20_000;

export interface Watcher {
  /** The chat is bridged from now on. Tried again until the network says yes or no. */
  watch(portal: Portal): void;
  /** The portal is gone; the chat is let go with its last one. */
  unwatch(portal: Portal): Promise<void>;
  /** A network has just opened: all its chats are watched anew. */
  watchAll(network: string): Promise<void>;
  close(): void;
}

/** One string per view of a chat, for maps and lanes. */
export const viewKey = (network: string, { chat, receiver }: ChatView): string =>
  JSON.stringify([network, chat, receiver ?? null]);

/** Only the view of a portal, or of an event. */
export const viewOf = ({ chat, receiver }: ChatView): ChatView => ({
  chat,
  ...(receiver !== undefined && { receiver }),
});

/** How long the network itself says to wait. */
const wordOf = (error: unknown) => (error instanceof BridgeError ? error.retryAfterMs : undefined);

/** Else it hears all anyway, and knows nothing of a chat that its room could be told. */
const isAsked = ({ watch, chat }: Network) => watch !== undefined || chat !== undefined;

async function letGo(clock: Clock, networks: Networks, portal: Portal): Promise<void> {
  if (!networks.isOpen(portal.network)) return;
  await withDeadline(clock, { deadlineMs: UNWATCH_DEADLINE_MS, effect: 'none' }, async () =>
    networks.get(portal.network).unwatch?.(viewOf(portal)),
  );
}

/** Tells networks which chats to listen to. `refused`: a network will not have it. */
export function createWatcher(
  context: Context,
  networks: Networks,
  told: {
    readonly refused: (portal: Portal, error: BridgeError) => void;
    readonly watched: (portal: Portal) => void;
  },
): Watcher {
  const { storage, clock, log } = context;
  const backoff = createBackoff<string>();
  /**
   * Being asked for, or said yes to, since the network was opened: once is enough. Each asking has a
   * mark of its own, as the chat may be unlinked, and linked again, before it has an answer.
   */
  const asked = new Map<string, symbol>();
  const retries = new Map<string, () => void>();
  let closed = false;

  async function begin(portal: Portal, key: string, asking: symbol): Promise<void> {
    try {
      const network = networks.get(portal.network);
      const view = viewOf(portal);
      const newest = await storage.journal.newest(portal.network, view);
      await withDeadline(clock, { deadlineMs: WATCH_DEADLINE_MS, effect: 'none' }, async (signal) =>
        network.watch?.(view, newest, signal),
      );
    } catch (error) {
      if (asked.get(key) === asking) again(portal, key, error);
      return;
    }
    if (asked.get(key) === asking) {
      backoff.succeeded(key);
      told.watched(portal);
    } else if (!closed && !asked.has(key))
      await letGo(clock, networks, portal).catch((error: unknown) =>
        log('warn', 'A network did not let go of a chat', { error: String(error) }),
      );
  }

  function again(portal: Portal, key: string, error: unknown): void {
    asked.delete(key);
    // A network that is not open yet watches all its chats when it opens.
    if (closed || !networks.isOpen(portal.network)) return;
    if (error instanceof BridgeError && error.advice.retry === 'never') {
      told.refused(portal, error);
      return;
    }
    const waitMs = backoff.failed(key, wordOf(error));
    log('warn', 'A chat cannot be watched; it is tried again', {
      network: portal.network,
      portal: portal.id,
      waitMs: Math.round(waitMs),
      error: String(error),
    });
    const cancel = clock.after(waitMs, () => watch(portal));
    retries.set(key, cancel);
  }

  function watch(portal: Portal): void {
    const key = viewKey(portal.network, portal);
    retries.get(key)?.();
    retries.delete(key);
    if (closed || asked.has(key) || !networks.isOpen(portal.network)) return;
    const asking = Symbol(key);
    asked.set(key, asking);
    void begin(portal, key, asking);
  }

  return {
    watch,
    async unwatch(portal) {
      const others = await storage.portals.ofChat(portal.network, viewOf(portal));
      const key = viewKey(portal.network, portal);
      if (others.some(({ id }) => id !== portal.id)) return;
      asked.delete(key);
      retries.get(key)?.();
      retries.delete(key);
      await letGo(clock, networks, portal);
    },
    async watchAll(network) {
      if (!isAsked(networks.get(network))) return;
      for await (const portal of portalsOf(storage, network)) watch(portal);
    },
    close() {
      closed = true;
      for (const cancel of retries.values()) cancel();
    },
  };
}
