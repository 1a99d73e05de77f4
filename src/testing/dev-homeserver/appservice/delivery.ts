import type { DeliveryMishap } from '../mishaps/mishap.ts';
import type { Mishaps } from '../mishaps/mishaps.ts';
import { appserviceEvent } from '../room/client-event.ts';
import type { Transaction } from '../world/queues.ts';
import type { World } from '../world/world.ts';
import { type AppserviceClient, succeeded } from './client.ts';
import type { Edu } from './ephemeral.ts';
import type { Appservice } from './registration.ts';

interface Source {
  readonly world: World;
  readonly mishaps: Mishaps;
  log(line: string): void;
}

/** Puts transactions to one appservice, with the mishaps that were asked for. */
export class Delivery {
  readonly #source: Source;
  readonly #appservice: Appservice;
  readonly #client: AppserviceClient;

  constructor(source: Source, appservice: Appservice, client: AppserviceClient) {
    this.#source = source;
    this.#appservice = appservice;
    this.#client = client;
  }

  /** Whether it was taken, as far as this homeserver knows. */
  async of(transaction: Transaction, edus: readonly Edu[]): Promise<boolean> {
    const copies = [this.#put(transaction, edus)];
    if (this.happens('repeat-transaction')) copies.push(this.#put(transaction, []));
    const areTaken = await Promise.all(copies);
    return areTaken.at(-1) === true && !this.happens('lose-answer');
  }

  happens(is: DeliveryMishap['is']): boolean {
    return this.#source.mishaps.ofDelivery(is, this.#appservice.id) !== undefined;
  }

  async #put(transaction: Transaction, edus: readonly Edu[]): Promise<boolean> {
    const path = `/transactions/${transaction.id}`;
    try {
      return succeeded(await this.#client.call('PUT', path, this.#bodyOf(transaction, edus)));
    } catch (error) {
      this.#source.log(`${this.#appservice.id} ${path}: ${String(error)}`);
      return false;
    }
  }

  #bodyOf({ entries }: Transaction, edus: readonly Edu[]): string {
    const body: Record<string, unknown> = {
      events: entries.map((entry) => appserviceEvent(this.#source.world, entry)),
    };
    if (edus.length > 0) for (const key of this.#appservice.ephemeralKeys) body[key] = edus;
    return JSON.stringify(body);
  }
}
