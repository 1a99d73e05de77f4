import type { Log } from '../../adapter/network.ts';
import type { Clock } from '../../ports/clock.ts';

type Work = () => Promise<void>;

/** Work that is worth nothing later: of each key only the newest counts. */
export interface Newest {
  /** Done at once; or, while the last of its key is at work or rests, then, if no newer one came. */
  put(key: string, work: Work): void;
  /** Begins nothing more. */
  stop(): void;
}

/** How long a key rests: people see no more often than that what somebody does in passing. */
const REST_MS = 1_000;
/** More than these at one time are forgotten: whoever sends so much is not to fill the memory. */
const MAX_KEYS = 1_000;

export function createNewest({ clock, log }: { readonly clock: Clock; readonly log: Log }): Newest {
  /** What comes next of each key that is at work or rests. */
  const next = new Map<string, Work | undefined>();
  const rests = new Map<string, () => void>();
  let isStopped = false;

  async function run(key: string, work: Work): Promise<void> {
    next.set(key, undefined);
    try {
      await work();
    } catch (error) {
      log('debug', 'Something in passing was not shown', { error: String(error) });
    }
    if (!isStopped)
      rests.set(
        key,
        clock.after(REST_MS, () => rested(key)),
      );
  }

  function rested(key: string): void {
    rests.delete(key);
    const work = next.get(key);
    if (work) void run(key, work);
    else next.delete(key);
  }

  return {
    put(key, work) {
      if (isStopped) return;
      if (next.has(key)) next.set(key, work);
      else if (next.size < MAX_KEYS) void run(key, work);
    },
    stop() {
      isStopped = true;
      for (const cancel of rests.values()) cancel();
    },
  };
}
