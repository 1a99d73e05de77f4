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

  /** How many events it has not acknowledged. */
  backlog(appservice: string): number {
    const { transactions, waiting } = this.of(appservice);
    return transactions.reduce((sum, { entries }) => sum + entries.length, waiting.length);
  }

  add(appservice: string, entry: Entry): void {
    this.of(appservice).waiting.push(entry);
  }

  apply(change: ChangeOf<'transaction' | 'acknowledged' | 'grown' | 'queue-lost'>): void {
    const { transactions, waiting } = this.of(change.appservice);
    switch (change.kind) {
      case 'transaction':
        transactions.push({ id: change.id, entries: waiting.splice(0, change.count) });
        return;
      case 'acknowledged': {
        const index = transactions.findIndex(({ id }) => id === change.id);
        if (index >= 0) transactions.splice(index, 1);
        return;
      }
      case 'queue-lost':
        waiting.length = 0;
        return;
      case 'grown': {
        const all = transactions.splice(0);
        const entries = all.flatMap((one) => one.entries);
        transactions.push(...all.slice(0, 1).map(({ id }) => ({ id, entries })));
        return;
      }
    }
  }

  /** The highest id of any transaction that is still to be acknowledged, else 0. */
  highestId(): number {
    const ids = [...this.#byAppservice.values()].flatMap(({ transactions }) =>
      transactions.map(({ id }) => id),
    );
    return Math.max(0, ...ids);
  }
}
