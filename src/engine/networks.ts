import { BridgeError } from '../adapter/errors.ts';
import type { Network } from '../adapter/network.ts';
import { createBackoff } from './backoff.ts';
import type { Context } from './context.ts';
import { createHost, type Heard } from './host.ts';
import type { NetworkOptions } from './options.ts';

/** An adapter that does not let go is abandoned after this. */
const CLOSE_MS = 10_000;
/** From here on, an operator wants to know what all that waits is waiting for. */
const LONG_OPENING_MS = 60_000;

export interface Networks {
  /** @throws {BridgeError} `unreachable` while it is not open. */
  get(id: string): Network;
  options(id: string): NetworkOptions;
  isOpen(id: string): boolean;
  /** Why it could not be opened the last time. `undefined`: it is open, or was not tried yet. */
  whyNotOpen(id: string): string | undefined;
  /** Begins to open them all, each for itself, again and again until it is open. */
  open(): void;
  close(): Promise<void>;
}

/** The configured networks, opened through their adapters. */
export function createNetworks(
  context: Context,
  heard: Heard,
  opened: (id: string) => void,
): Networks {
  const { clock, log } = context;
  const optionsById = new Map(context.networks.map((options) => [options.id, options]));
  const open = new Map<string, Network>();
  const backoff = createBackoff<string>();
  /** Why each could not be opened the last time: the same again is no news, however often it is tried. */
  const reasons = new Map<string, string>();
  const controller = new AbortController();
  const retries = new Set<() => void>();
  let closing = false;

  function options(id: string): NetworkOptions {
    const found = optionsById.get(id);
    if (found) return found;
    throw new BridgeError('unreachable', `The config has no network ${id} any more`, {
      effect: 'none',
    });
  }

  async function begin(of: NetworkOptions): Promise<void> {
    try {
      const host = createHost(context, of, heard, controller.signal);
      const network = await remarked(context, of.id, of.adapter.open(host));
      if (closing) return await network.close();
      open.set(of.id, network);
      backoff.succeeded(of.id);
      log('info', 'A network is open', { network: of.id });
      opened(of.id);
    } catch (error) {
      if (closing) return;
      const waitMs = backoff.failed(of.id, wordOf(error));
      const why = String(error);
      const level = reasons.get(of.id) === why ? 'debug' : 'warn';
      const facts = { network: of.id, waitMs: Math.round(waitMs), error: why };
      log(level, 'A network cannot be opened; it is tried again', facts);
      reasons.set(of.id, why);
      const cancel = clock.after(waitMs, () => {
        retries.delete(cancel);
        void begin(of);
      });
      retries.add(cancel);
    }
  }

  return {
    options,
    isOpen: (id) => open.has(id),
    whyNotOpen: (id) => (open.has(id) ? undefined : reasons.get(id)),
    get(id) {
      const network = open.get(id);
      if (network) return network;
      throw new BridgeError('unreachable', `The network ${id} is not open`, { effect: 'none' });
    },
    open() {
      for (const of of optionsById.values()) void begin(of);
    },
    async close() {
      closing = true;
      for (const cancel of retries) cancel();
      await Promise.all([...open].map(([id, network]) => closeOne(context, id, network)));
      controller.abort();
    },
  };
}

/** How long the network itself says to wait. */
const wordOf = (error: unknown) => (error instanceof BridgeError ? error.retryAfterMs : undefined);

/** Says so when it takes long. */
function remarked<T>({ clock, log }: Context, network: string, opening: Promise<T>): Promise<T> {
  const cancel = clock.after(LONG_OPENING_MS, () =>
    log('warn', 'A network takes long to open; what waits for it goes on waiting', { network }),
  );
  return opening.finally(cancel);
}

async function closeOne({ clock, log }: Context, id: string, network: Network): Promise<void> {
  let cancel = () => {};
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(CLOSE_MS, () => {
      log('warn', 'A network did not close in time and is left behind', { network: id });
      resolve();
    });
  });
  const closed = network
    .close()
    .catch((error: unknown) =>
      log('warn', 'A network did not close cleanly', { network: id, error: String(error) }),
    );
  await Promise.race([closed, late]);
  cancel();
}
