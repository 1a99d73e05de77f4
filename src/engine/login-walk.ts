import type { LoginStep } from '../adapter/login.ts';
import type { Clock } from '../ports/clock.ts';
import { withDeadline } from './deadline.ts';

const STEP_MS = 60_000;
/** A code is shown until somebody has taken up their phone. */
const WAIT_MS = 10 * 60_000;

type Done = Extract<LoginStep, { kind: 'done' }>;

/**
 * One login under way, step by step, one step at a time.
 *
 * Whoever walks it shows `step` to the person and calls what the step asks for. Once that rejects the
 * walk is over; once `step` is `done`, all that the network gave is on disk.
 */
export class LoginWalk {
  readonly #clock: Clock;
  readonly #finish: (done: Done) => Promise<void>;
  readonly #given = new AbortController();
  #step: LoginStep | undefined;

  constructor(clock: Clock, finish: (done: Done) => Promise<void>) {
    this.#clock = clock;
    this.#finish = finish;
  }

  get step(): LoginStep {
    if (!this.#step) throw new Error('A login has no step before its first has been taken');
    return this.#step;
  }

  get isGivenUp(): boolean {
    return this.#given.signal.aborted;
  }

  /** For an `ask`: every field by its id. @throws {BridgeError} */
  async submit(values: Readonly<Record<string, string>>): Promise<void> {
    const { step } = this;
    if (step.kind === 'ask') await this.go((signal) => step.submit(values, signal));
  }

  /** For a `show`: until the network has seen that it was used. @throws {BridgeError} */
  async wait(): Promise<void> {
    const { step } = this;
    if (step.kind === 'show') await this.go((signal) => step.wait(signal), WAIT_MS);
  }

  giveUp(): void {
    this.#given.abort();
  }

  /** @throws {BridgeError} */
  async go(next: (signal: AbortSignal) => Promise<LoginStep>, deadlineMs = STEP_MS): Promise<void> {
    const limits = { deadlineMs, effect: 'none' } as const;
    const step = await withDeadline(this.#clock, limits, (signal) =>
      next(AbortSignal.any([signal, this.#given.signal])),
    );
    if (step.kind === 'done' && !this.isGivenUp) await this.#finish(step);
    this.#step = step;
  }
}
