import { setTimeout as wait } from 'node:timers/promises';
import type { Watcher } from './watch.ts';

/** One moment in a life of the bridge: before or after the nth call of a kind in a scene. */
export interface Moment {
  readonly point: string;
  readonly nth: number;
  readonly when: 'before' | 'after';
}

/** How often each call was made. */
export type Counts = Readonly<Record<string, number>>;

const stillForMs = 25;
const pollMs = 5;

/** Counts calls by what they are, scene by scene, and ends everything at one of them. */
export class Calls implements Watcher {
  readonly #end: () => void;
  #counts = new Map<string, number>();
  #last: Moment | undefined;
  #underWay = 0;
  #movedAtMs = performance.now();

  constructor(last: Moment | undefined, end: () => void) {
    this.#last = last;
    this.#end = end;
  }

  /** The next scene begins, in which everything ends at another moment. @returns what came in the last one. */
  turn(last: Moment | undefined): Counts {
    const counts = Object.fromEntries(this.#counts);
    this.#counts = new Map();
    this.#last = last;
    return counts;
  }

  begins(point: string): () => void {
    const nth = (this.#counts.get(point) ?? 0) + 1;
    this.#counts.set(point, nth);
    const isLast = this.#last?.point === point && this.#last.nth === nth;
    if (isLast && this.#last?.when === 'before') this.#end();
    this.#move(1);
    return () => {
      if (isLast && this.#last?.when === 'after') this.#end();
      this.#move(-1);
    };
  }

  /** Resolves once nothing is under way, and has not been for a while. */
  async rest(): Promise<void> {
    while (this.#underWay > 0 || performance.now() - this.#movedAtMs < stillForMs)
      await wait(pollMs);
  }

  #move(by: number): void {
    this.#underWay += by;
    this.#movedAtMs = performance.now();
  }
}
