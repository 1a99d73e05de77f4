import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationName } from '#gia/schemas';
import { refuse } from './refusal.ts';

/**
 * What can go wrong on purpose, to test whoever calls: `unavailable`, `internal` and `limited` before anything is done; `slow`;
 * `drop`, where it is done and the answer never comes; `kill`, where it is done and the process ends.
 */
export const faultKinds = ['unavailable', 'internal', 'limited', 'slow', 'drop', 'kill'] as const;
export type FaultKind = (typeof faultKinds)[number];

interface Fault {
  readonly at: OperationName | '*';
  readonly kind: FaultKind;
  /** How many calls in a hundred. */
  readonly percent: number;
}

/** Nothing goes wrong that was not asked for: by a share of the calls, or for the next ones. */
export class Faults {
  readonly #shares: readonly Fault[];
  readonly #next: { at: OperationName; kind: FaultKind }[] = [];
  readonly #random: () => number;

  constructor(shares: readonly Fault[] = [], random: () => number = Math.random) {
    this.#shares = shares;
    this.#random = random;
  }

  next(at: OperationName, kind: FaultKind, times = 1): void {
    for (let time = 0; time < times; time++) this.#next.push({ at, kind });
  }

  /** What is to go wrong with this call. */
  take(name: OperationName): FaultKind | undefined {
    const index = this.#next.findIndex(({ at }) => at === name);
    if (index >= 0) return this.#next.splice(index, 1)[0]?.kind;
    return this.#shares.find(
      ({ at, percent }) => (at === '*' || at === name) && this.#random() * 100 < percent,
    )?.kind;
  }
}

export async function before(fault: FaultKind | undefined): Promise<void> {
  if (fault === 'unavailable') refuse('unavailable', 'A fault on purpose');
  if (fault === 'internal') refuse('internal', 'A fault on purpose');
  if (fault === 'limited') refuse('rate_limited', 'A fault on purpose', { retry_after_ms: 1000 });
  if (fault === 'slow') await sleep(500);
}

/** `sendMessage:drop=5,*:slow=1`: of sendMessage 5 in 100 answers are dropped, and of all calls one in 100 is slow. */
export function readFaults(text: string): Faults {
  return new Faults(
    text.split(',').map((part) => {
      const [, at = '', kind = '', percent = ''] = /^(\w+|\*):(\w+)=([\d.]+)$/.exec(part) ?? [];
      const known = faultKinds.find((it) => it === kind);
      if (known === undefined)
        throw new Error(
          `--faults: "${part}" should be like sendMessage:drop=5, with one of ${faultKinds.join(', ')}`,
        );
      return { at: at as OperationName | '*', kind: known, percent: Number(percent) };
    }),
  );
}
