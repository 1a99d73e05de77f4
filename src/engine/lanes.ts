import type { Log } from '../adapter/network.ts';
import type { Clock } from '../ports/clock.ts';

/** What a lane says after a turn: done for now, or to be worked again after a while. */
export type Turn = { readonly waitMs: number } | undefined;

interface Lane {
  running: boolean;
  /** Woken while it was running: there may be more than the turn saw. */
  again: boolean;
  cancelWait: (() => void) | undefined;
}

export interface Lanes<Key> {
  /** There may be work. A lane that waits is worked at once: its turn knows what must still wait. */
  wake(key: Key): void;
  /** Works every lane that waits. */
  nudge(): void;
  /** Takes no further turn. Resolves when the turns under way have ended. */
  drain(): Promise<void>;
}

/** How long a lane rests after a turn that broke, so that broken storage is not hammered. */
const BROKEN_TURN_MS = 1_000;

/**
 * Ordered work, one turn at a time per key, any number of keys side by side.
 *
 * A lane exists only while it is busy or waits; what it works on lies in the journal. A turn that
 * hangs holds up nobody but its own key.
 */
export function createLanes<Key>(
  name: string,
  work: (key: Key) => Promise<Turn>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Lanes<Key> {
  const lanes = new Map<Key, Lane>();
  let draining = false;
  let running = 0;
  let whenIdle = () => {};

  function wake(key: Key): void {
    if (draining) return;
    const lane = lanes.get(key);
    if (lane?.running) {
      lane.again = true;
      return;
    }
    lane?.cancelWait?.();
    const started: Lane = { running: true, again: false, cancelWait: undefined };
    lanes.set(key, started);
    running++;
    void run(key, started).finally(() => {
      running--;
      if (running === 0) whenIdle();
    });
  }

  async function run(key: Key, lane: Lane): Promise<void> {
    let turn: Turn;
    do {
      lane.again = false;
      turn = await work(key).catch((error: unknown) => {
        log('error', `${name} lane broke off`, { lane: String(key), error: String(error) });
        return { waitMs: BROKEN_TURN_MS };
      });
    } while (lane.again && !draining);
    rest(key, lane, turn);
  }

  function rest(key: Key, lane: Lane, turn: Turn): void {
    lane.running = false;
    if (turn === undefined || draining) {
      lanes.delete(key);
      return;
    }
    lane.cancelWait = clock.after(turn.waitMs, () => wake(key));
  }

  return {
    wake,
    nudge() {
      for (const [key, lane] of lanes) if (!lane.running) wake(key);
    },
    async drain() {
      draining = true;
      for (const lane of lanes.values()) lane.cancelWait?.();
      if (running > 0) await new Promise<void>((resolve) => (whenIdle = resolve));
    },
  };
}
