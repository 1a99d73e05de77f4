import type { Context } from './context.ts';
import type { Networks } from './networks.ts';
import type { Portals } from './portals.ts';
import { portalsOf } from './portals-of.ts';
import type { TryLink } from './try-link.ts';

/** A room that does not exist yet, or does not let the bot in, is tried again after this, or when the bot is invited. */
const AGAIN_MS = 60_000;

export interface Configured {
  /** Makes the links that the config names for a network, and undoes those that it no longer names. */
  link(network: string): Promise<void>;
  /** Something changed: what could not be linked is tried at once. */
  nudge(): void;
  close(): void;
}

interface Parts {
  readonly networks: Networks;
  readonly portals: Portals;
  readonly tryLink: TryLink;
}

/** Links from the config: desired state, brought about as far as the homeserver lets it. */
export function createConfigured(context: Context, parts: Parts): Configured {
  const { storage, clock, log } = context;
  const { networks, portals, tryLink } = parts;
  const waiting = new Map<string, () => void>();
  let closed = false;

  async function link(network: string): Promise<void> {
    waiting.get(network)?.();
    waiting.delete(network);
    const linked: string[] = [];
    const wanted = networks.options(network).portals;
    for (const one of wanted) {
      const done = await tryLink(network, { ...one, origin: 'config', ownsRoom: false });
      if (done !== undefined) linked.push(`${done.chat} ${done.roomId}`);
    }
    if (linked.length === wanted.length) await unlinkOthers(network, new Set(linked));
    else if (!closed)
      waiting.set(
        network,
        clock.after(AGAIN_MS, () => void again(network)),
      );
  }

  async function unlinkOthers(network: string, linked: ReadonlySet<string>): Promise<void> {
    for await (const portal of portalsOf(storage, network))
      if (portal.origin === 'config' && !linked.has(`${portal.chat} ${portal.roomId}`))
        await portals.unlink(portal);
  }

  const again = (network: string) =>
    link(network).catch((error: unknown) =>
      log('error', 'The links of the config could not be made', { network, error: String(error) }),
    );

  return {
    link,
    nudge() {
      for (const network of waiting.keys()) void again(network);
    },
    close() {
      closed = true;
      for (const cancel of waiting.values()) cancel();
    },
  };
}
