import type { ServerProcess } from '../../live/support/server-process.ts';
import type { Moment } from './calls.ts';

/** Makes the nth life, the first being 0, which ends at the moment if there is one. */
export type MakeLife = (nth: number, moment: Moment | undefined) => ServerProcess;

/** The lives of one bridge. The first ones are to end at a moment each; whenever one ends, the next begins. */
export class Lives {
  readonly troubles: string[] = [];
  readonly #make: MakeLife;
  readonly #moments: readonly Moment[];
  #nth = -1;
  #endedAtMoment = 0;
  #now: ServerProcess | undefined;

  constructor(make: MakeLife, moments: readonly Moment[]) {
    this.#make = make;
    this.#moments = moments;
  }

  /** Whether each life that was to end at a moment has. */
  get allEnded(): boolean {
    return this.#endedAtMoment === this.#moments.length;
  }

  /** Begins a life where there is none. */
  tend(): void {
    if (this.#now?.isRunning) return;
    if (this.#now !== undefined && !this.#isAtMoment(this.#now)) {
      this.troubles.push(`it ended by itself: ${this.#now.log.slice(-2000)}`);
    }
    this.#nth += 1;
    this.#now = this.#make(this.#nth, this.#moments[this.#nth]);
    this.#now.spawn();
  }

  /** As an operator does. Its moment may come while it stops. */
  async stop(): Promise<void> {
    const life = this.#now;
    if (life === undefined) return;
    await life.stop().catch((error: Error) => this.troubles.push(error.message));
    this.#isAtMoment(life);
    this.#now = undefined;
  }

  async kill(): Promise<void> {
    await this.#now?.kill();
    this.#now = undefined;
  }

  #isAtMoment({ endedBy }: ServerProcess): boolean {
    const isIt = this.#nth < this.#moments.length && endedBy === 'SIGKILL';
    if (isIt) this.#endedAtMoment += 1;
    return isIt;
  }
}
