import type { MatrixRoomId } from '../model/matrix-ids.ts';
import { type Adoption, adopted, adoptionsOf } from './adoptions.ts';
import type { Context } from './context.ts';
import type { TryLink } from './try-link.ts';

/** There may be thousands, and each waits for somebody to let the bot in, which is noticed. */
const AGAIN_MS = 3_600_000;

/** Makes portals of the links that another bridge had, each once the bot is let into its room. */
export interface Adopting {
  link(network: string): Promise<void>;
  /** The bot is in one more room. */
  nudge(roomId: MatrixRoomId): void;
  close(): void;
}

export function createAdopting(context: Context, tryLink: TryLink): Adopting {
  const { storage, clock, log } = context;
  const open = new Set<string>();
  const waiting = new Map<string, () => void>();
  let closed = false;

  async function linkAll(network: string, adoptions: readonly Adoption[]): Promise<void> {
    for (const adoption of adoptions)
      if (!closed && (await tryLink(network, adoption)))
        await storage.journal.commit([adopted(network, adoption)]);
  }

  async function link(network: string): Promise<void> {
    open.add(network);
    waiting.get(network)?.();
    waiting.delete(network);
    await linkAll(network, await adoptionsOf(storage, network));
    if (closed || (await adoptionsOf(storage, network)).length === 0) return;
    const again = () => void telling(network, link(network));
    waiting.set(network, clock.after(AGAIN_MS, again));
  }

  async function linkRoom(network: string, roomId: MatrixRoomId): Promise<void> {
    const all = await adoptionsOf(storage, network);
    await linkAll(
      network,
      all.filter(({ room }) => room === roomId),
    );
  }

  const telling = (network: string, work: Promise<void>) =>
    work.catch((error: unknown) =>
      log('error', 'The links of another bridge could not be made', {
        network,
        error: String(error),
      }),
    );

  return {
    link,
    nudge(roomId) {
      for (const network of open) void telling(network, linkRoom(network, roomId));
    },
    close() {
      closed = true;
      for (const cancel of waiting.values()) cancel();
    },
  };
}
