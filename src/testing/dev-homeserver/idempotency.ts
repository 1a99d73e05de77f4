import type { Clock } from '../../ports/clock.ts';
import { systemClock } from '../../util/system-clock.ts';

const KEPT_MS = 30 * 60_000;

/**
 * Remembers what a request with a transaction id was answered, in memory only: after a restart the
 * same request is done again, as on Synapse. A request that failed is forgotten at once.
 */
export class Idempotency {
  readonly #clock: Clock;
  readonly #answers = new Map<
    string,
    { readonly answer: Promise<unknown>; readonly atMs: number }
  >();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  once(key: string, act: () => Promise<unknown>): Promise<unknown> {
    this.#forgetOld();
    const known = this.#answers.get(key);
    if (known !== undefined) return known.answer;
    const answer = act();
    this.#answers.set(key, { answer, atMs: this.#clock.now() });
    answer.catch(() => this.#answers.delete(key));
    return answer;
  }

  #forgetOld(): void {
    for (const [key, { atMs }] of this.#answers) {
      if (this.#clock.now() - atMs < KEPT_MS) return;
      this.#answers.delete(key);
    }
  }
}
