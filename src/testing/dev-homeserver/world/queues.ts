import type { Entry } from '../room/event.ts';
import type { ChangeOf } from './change.ts';

export interface Transaction {
  readonly id: number;
  readonly entries: readonly Entry[];
}

/** What an appservice has not acknowledged yet. */
export interface Queue {
  /** Made already, oldest first: sent again and again under the same id. */
  readonly transactions: Transaction[];
  /** Not in a transaction yet. */
  readonly waiting: Entry[];
}

/** The queue of every appservice. An acknowledged event is forgotten. */
export class Queues {
  readonly #byAppservice = new Map<string, Queue>();

  of(appservice: string): Queue {
    const known = this.#byAppservice.get(appservice);
    if (known !== undefined) return known;
    const queue: Queue = { transactions: [], waiting: [] };
    this.#byAppservice.set(appservice, queue);
    return queue;
  }

  add(appservice: string, entry: Entry): void {
    this.of(appservice).waiting.push(entry);
  }

  apply(change: ChangeOf<'transaction' | 'acknowledged'>): void {
    const { transactions, waiting } = this.of(change.appservice);
    if (change.kind === 'transaction') {
      transactions.push({ id: change.id, entries: waiting.splice(0, change.count) });
      return;
    }
    const index = transactions.findIndex(({ id }) => id === change.id);
    if (index >= 0) transactions.splice(index, 1);
  }

  /** The highest id of any transaction that is still to be acknowledged, else 0. */
  highestId(): number {
    const ids = [...this.#byAppservice.values()].flatMap(({ transactions }) =>
      transactions.map(({ id }) => id),
    );
    return Math.max(0, ...ids);
  }
}
