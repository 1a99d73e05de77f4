import { z } from 'zod';

const common = {
  /** The requests that it meets, by how `METHOD /path` begins. */
  on: z.string().default('POST /chats/'),
  times: z.int().positive().default(1),
};
const when = z.enum(['before', 'after']);
const delayMs = z.int().min(0).max(600_000);

export const Fault = z.discriminatedUnion('is', [
  /** Answers 500, before anything was done or after it was. */
  z.strictObject({ is: z.literal('error'), when, ...common }),
  /** Closes the connection without an answer. */
  z.strictObject({ is: z.literal('drop'), when, ...common }),
  /** Takes its time. Before: a client that has gone meanwhile is not served. */
  z.strictObject({ is: z.literal('delay'), when, delayMs, ...common }),
  /** Answers 429 and does nothing. */
  z.strictObject({ is: z.literal('rate-limit'), retryAfterMs: z.int().positive(), ...common }),
  /** Answers 403 and does nothing. */
  z.strictObject({ is: z.literal('refuse'), ...common }),
  /** Shows this many entries once more in the next page of events. */
  z.strictObject({
    is: z.literal('repeat-events'),
    count: z.int().positive(),
    times: common.times,
  }),
]);

/** One way for the network to go wrong, for the next `times` requests that it meets. */
export type Fault = z.output<typeof Fault>;
export type FaultInput = z.input<typeof Fault>;

/** The faults that were asked for and have not happened yet, oldest first. */
export class Faults {
  #pending: { fault: Fault; left: number }[] = [];

  add(fault: FaultInput): void {
    const parsed = Fault.parse(fault);
    this.#pending.push({ fault: parsed, left: parsed.times });
  }

  clear(): void {
    this.#pending = [];
  }

  /** The fault that meets this request, used up by it. */
  take(request: string): Exclude<Fault, Repeat> | undefined {
    const isMet = (fault: Fault): fault is Exclude<Fault, Repeat> =>
      fault.is !== 'repeat-events' && request.startsWith(fault.on);
    return this.#use(isMet);
  }

  /** How many entries the next page of events is to show once more. */
  takeRepeat(): number {
    return this.#use((fault): fault is Repeat => fault.is === 'repeat-events')?.count ?? 0;
  }

  #use<F extends Fault>(isMet: (fault: Fault) => fault is F): F | undefined {
    for (const pending of this.#pending) {
      const { fault } = pending;
      if (!isMet(fault)) continue;
      pending.left -= 1;
      this.#pending = this.#pending.filter(({ left }) => left > 0);
      return fault;
    }
    return undefined;
  }
}

type Repeat = Extract<Fault, { is: 'repeat-events' }>;
