import type { Clock } from '../../../ports/clock.ts';
import { systemClock } from '../../../util/system-clock.ts';

/** So often a pause is doubled: on Synapse from two seconds to eight and a half minutes. */
const MOST_DOUBLINGS = 8;

/** How long an appservice is left alone after it failed. */
export interface Pauses {
  /** The first time. Each further pause is twice as long. */
  readonly retryBaseMs: number;
  /** No pause is longer. */
  readonly retryMaxMs: number;
}

/** The pauses between attempts that fail. */
export class Pause {
  readonly #pauses: Pauses;
  readonly #clock: Clock;
  #doublings = 0;
  #end: (() => void) | undefined;

  constructor(pauses: Pauses, clock: Clock = systemClock) {
    this.#pauses = pauses;
    this.#clock = clock;
  }

  /** Resolves when it is over, or at once by `end`. */
  async wait(): Promise<void> {
    const { retryBaseMs, retryMaxMs } = this.#pauses;
    await new Promise<void>((resolve) => {
      const delayMs = Math.min(retryBaseMs * 2 ** this.#doublings, retryMaxMs);
      const cancel = this.#clock.after(delayMs, resolve);
      this.#end = () => {
        cancel();
        resolve();
      };
    });
    this.#end = undefined;
  }

  /** Ends the one that lasts. The next one is no shorter for it. */
  end(): void {
    this.#end?.();
  }

  lengthen(): void {
    this.#doublings = Math.min(this.#doublings + 1, MOST_DOUBLINGS);
  }

  reset(): void {
    this.#doublings = 0;
  }
}
