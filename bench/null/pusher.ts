import { setTimeout as delay } from 'node:timers/promises';
import { HS_TOKEN } from '../wiring.ts';
import { HttpClient } from './http-client.ts';

const PATH = '/_matrix/app/v1/transactions/';
/** As many events as a homeserver puts into one transaction. */
const MOST_EVENTS = 100;
const LONGEST_PAUSE_MS = 5_000;

export interface Transaction {
  readonly body: Buffer;
  readonly events: number;
}

export const transactionOf = (events: readonly object[]): Transaction => ({
  body: Buffer.from(JSON.stringify({ events })),
  events: events.length,
});

/** Pushes transactions as a homeserver does: one at a time, each again and again until it is taken. */
export class Pusher {
  readonly #client: HttpClient;
  readonly #firstPauseMs: number;
  #waiting: object[] = [];
  #isPushing = false;
  #isClosed = false;
  #count = 0;

  constructor(port: number, firstPauseMs = 50) {
    this.#client = new HttpClient(port);
    this.#firstPauseMs = firstPauseMs;
  }

  /** Resolves once it is taken. */
  async push({ body }: Transaction): Promise<void> {
    const path = `${PATH}${++this.#count}`;
    let pauseMs = this.#firstPauseMs;
    while (!this.#isClosed) {
      const status = await this.#client.put(path, HS_TOKEN, body).catch(() => 0);
      if (status === 200) return;
      await delay(pauseMs);
      if (this.#firstPauseMs >= 50) pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }

  /** What comes while a transaction is under way goes into the next one. */
  async enqueue(event: object): Promise<void> {
    this.#waiting.push(event);
    if (this.#isPushing) return;
    this.#isPushing = true;
    while (this.#waiting.length > 0)
      await this.push(transactionOf(this.#waiting.splice(0, MOST_EVENTS)));
    this.#isPushing = false;
  }

  close(): void {
    this.#isClosed = true;
    this.#client.close();
  }
}
