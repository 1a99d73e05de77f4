import { setTimeout as wait } from 'node:timers/promises';
import type { ServerProcess } from '../../live/support/server-process.ts';
import type { Counts, Moment } from './calls.ts';

const pollMs = 5;
const mostTroubles = 3;

/** Makes a life of the bridge, which ends at the moment if there is one. */
export type MakeLife = (moment: Moment | undefined) => ServerProcess;

/** The lives of one bridge, scene by scene: whenever one ends, the next begins. */
export class Lives {
  readonly troubles: string[] = [];
  readonly #make: MakeLife;
  #now: ServerProcess | undefined;
  /** At which the lives of this scene are still to end, one after the other. */
  #due: readonly Moment[] = [];

  constructor(make: MakeLife) {
    this.#make = make;
  }

  /** At which moments of the scene the bridge has not ended. */
  get due(): readonly Moment[] {
    return this.#due;
  }

  /** Begins a life where there is none. */
  tend(): void {
    if (this.#now?.isRunning) return;
    this.#lookAtEnd();
    if (this.troubles.length > mostTroubles) throw new Error('it ends again and again');
    this.#now = this.#make(this.#due[0]);
    this.#now.spawn();
  }

  /** A scene begins: the life that there is ends at the first of these moments, the next at the second. */
  async begin(moments: readonly Moment[]): Promise<void> {
    this.#due = moments;
    if (moments.length > 0) await this.#ask(moments[0]);
  }

  /** A scene is over once the bridge is at rest. @returns the calls of its last life in it. */
  async rest(): Promise<Counts> {
    for (;;) {
      this.tend();
      const counts = await this.#ask(undefined);
      if (counts !== undefined) return counts;
      await wait(pollMs);
    }
  }

  /** As an operator does, in a scene of its own. @returns its calls. */
  async stop(): Promise<Counts> {
    const life = this.#now;
    if (life === undefined) return {};
    const counts = life.message().catch(() => ({}));
    await life.stop().catch((error: Error) => this.troubles.push(error.message));
    if (life.exitCode !== 0) this.#lookAtEnd();
    this.#now = undefined;
    return (await counts) as Counts;
  }

  async kill(): Promise<void> {
    await this.#now?.kill();
    this.#now = undefined;
  }

  /** Absent: it has ended. */
  async #ask(moment: Moment | undefined): Promise<Counts | undefined> {
    const answer = this.#now?.message();
    this.#now?.send(moment ?? null);
    return answer?.then(
      (counts) => counts as Counts,
      () => undefined,
    );
  }

  #lookAtEnd(): void {
    if (this.#now === undefined) return;
    if (this.#now.endedBy === 'SIGKILL' && this.#due.length > 0) this.#due = this.#due.slice(1);
    else this.troubles.push(`it ended by itself: ${this.#now.log.slice(-2000)}`);
  }
}
