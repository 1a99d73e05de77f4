import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** What is done again and again, each time a while after the last has ended. */
export class Rounds {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #cancels = new Set<() => void>();
  #stopped = false;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
  }

  every(delayMs: number, work: () => Promise<void>, firstDelayMs = delayMs): void {
    if (this.#stopped) return;
    const cancel = this.#clock.after(firstDelayMs, () => {
      this.#cancels.delete(cancel);
      void this.#once(work).then(() => this.every(delayMs, work));
    });
    this.#cancels.add(cancel);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancels) cancel();
  }

  async #once(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log('error', 'A round broke off', { error: String(error) });
    }
  }
}
