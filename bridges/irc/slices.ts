import { performance } from 'node:perf_hooks';

/** So long at a time. */
const SLICE_MS = 4;

/**
 * Does much work in slices, in the order in which it came: between two of them whatever else there is has its turn.
 *
 * A server lets in hundreds of connections at once, each with a page of words. What the bot hears then, who alone hears what
 * is said, would have to wait until all of them are read.
 */
export class Slices {
  readonly #now: () => number;
  readonly #later: (work: () => void) => void;
  #waiting: (() => void)[] = [];

  constructor(now = () => performance.now(), later: (work: () => void) => void = setImmediate) {
    this.#now = now;
    this.#later = later;
  }

  /** @param work must not throw. */
  readonly do = (work: () => void): void => {
    this.#waiting.push(work);
    if (this.#waiting.length === 1) this.#later(this.#slice);
  };

  readonly #slice = (): void => {
    const untilMs = this.#now() + SLICE_MS;
    let done = 0;
    do this.#waiting[done++]?.();
    while (done < this.#waiting.length && this.#now() < untilMs);
    this.#waiting = this.#waiting.slice(done);
    if (this.#waiting.length > 0) this.#later(this.#slice);
  };
}
