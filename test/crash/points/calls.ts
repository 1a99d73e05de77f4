import type { Watcher } from './watch.ts';

/** One moment in the life of a bridge: before or after the nth call of a kind. */
export interface Moment {
  readonly point: string;
  readonly nth: number;
  readonly when: 'before' | 'after';
}

/** Counts calls by what they are, and ends everything at one of them. */
export class Calls implements Watcher {
  readonly #counts = new Map<string, number>();
  readonly #last: Moment | undefined;
  readonly #end: () => void;

  constructor(last: Moment | undefined, end: () => void) {
    this.#last = last;
    this.#end = end;
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  begins(point: string): () => void {
    const nth = (this.#counts.get(point) ?? 0) + 1;
    this.#counts.set(point, nth);
    const isLast = this.#last?.point === point && this.#last.nth === nth;
    if (isLast && this.#last?.when === 'before') this.#end();
    return () => {
      if (isLast && this.#last?.when === 'after') this.#end();
    };
  }
}
