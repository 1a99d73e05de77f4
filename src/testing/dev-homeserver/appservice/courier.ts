import type { Mishaps } from '../mishaps/mishaps.ts';
import type { Typing } from '../typing.ts';
import type { Change, ReceiptChange } from '../world/change.ts';
import type { Transaction } from '../world/queues.ts';
import type { World } from '../world/world.ts';
import { AppserviceClient } from './client.ts';
import { Delivery } from './delivery.ts';
import { type Edu, receiptEdu, typingEdu } from './ephemeral.ts';
import { Pause, type Pauses } from './pause.ts';
import type { Appservice } from './registration.ts';
import { askForUnknown } from './unknown-users.ts';

/** The sender, as far as a courier knows it. */
interface Sender {
  readonly world: World;
  readonly typing: Typing;
  readonly mishaps: Mishaps;
  commit(change: Change): void;
  nextTransactionId(): number;
  log(line: string): void;
}

const MAX_PER_TRANSACTION = 100;

/**
 * Brings an appservice what it is interested in, one transaction at a time.
 *
 * *Up*: whatever waits goes into the next transaction. *Down*, from the first failure on: the same
 * transaction is sent again and again, with growing pauses, and without its ephemeral part; each
 * further event makes a transaction of its own, and what is ephemeral is dropped. Whoever was down
 * when the homeserver ended is down when it starts again, and is first tried when something happens
 * that concerns an appservice. All as on Synapse.
 */
export class Courier {
  readonly appservice: Appservice;
  readonly client: AppserviceClient | undefined;
  readonly #sender: Sender;
  readonly #pause: Pause;
  #edus: Edu[] = [];
  /** Transactions that are sent no sooner than after the next failure. */
  readonly #aside = new Set<number>();
  #isDown: boolean;
  #isRunning = false;
  #isClosed = false;

  constructor(sender: Sender, appservice: Appservice, pauses: Pauses) {
    this.appservice = appservice;
    this.#sender = sender;
    this.#pause = new Pause(pauses);
    const { url } = appservice;
    this.client = url === undefined ? undefined : new AppserviceClient(url, appservice);
    this.#isDown = this.#queue.transactions.length > 0;
  }

  get #queue() {
    return this.#sender.world.queues.of(this.appservice.id);
  }

  /** Those that may be sent. */
  get #transactions(): readonly Transaction[] {
    return this.#queue.transactions.filter(({ id }) => !this.#aside.has(id));
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  eventCame(): void {
    if (this.#isDown) this.#seal(1);
    this.wake();
  }

  receiptCame(receipt: ReceiptChange): void {
    this.#eduCame(receiptEdu(this.#sender, this.appservice, receipt));
  }

  typingCame(roomId: string): void {
    this.#eduCame(typingEdu(this.#sender, this.appservice, roomId));
  }

  presenceCame(edu: Edu): void {
    this.#eduCame(edu);
  }

  #eduCame(edu: Edu | undefined): void {
    if (edu === undefined || this.#isDown || this.appservice.ephemeralKeys.length === 0) return;
    this.#edus.push(edu);
    this.wake();
  }

  /** A successful ping: no reason to wait any longer. */
  retryNow(): void {
    this.#pause.end();
  }

  wake(): void {
    if (this.client === undefined || this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    this.#run(this.client).catch((error: unknown) =>
      this.#sender.log(`${this.appservice.id}: delivery broke off: ${String(error)}`),
    );
  }

  async #run(client: AppserviceClient): Promise<void> {
    const delivery = new Delivery(this.#sender, this.appservice, client);
    try {
      // From before a restart.
      if (this.#isDown) await this.#pause.wait();
      while (!this.#isClosed && this.#hasWork) await this.#sendNext(client, delivery);
    } finally {
      // In one go with the look for work: whatever comes from now on must start a new run.
      this.#isRunning = false;
    }
  }

  get #hasWork(): boolean {
    const { waiting } = this.#queue;
    return this.#transactions.length + waiting.length + this.#edus.length > 0;
  }

  async #sendNext(client: AppserviceClient, delivery: Delivery): Promise<void> {
    const next = this.#transactions[0] ?? (await this.#makeTransaction(client));
    if (next === undefined) return;
    if (!this.#isDown && delivery.happens('lay-aside')) return void this.#aside.add(next.id);
    const edus = this.#isDown ? [] : this.#edus.splice(0, MAX_PER_TRANSACTION);
    const isTaken = await delivery.of(next, edus);
    if (this.#isClosed) return;
    if (isTaken) this.#acknowledge(next.id);
    else await this.#failed(delivery);
  }

  async #makeTransaction(client: AppserviceClient): Promise<Transaction | undefined> {
    const waiting = this.#queue.waiting.slice(0, MAX_PER_TRANSACTION);
    for (const entry of waiting)
      await askForUnknown({ appservice: this.appservice, client }, entry, this.#sender.world);
    if (!this.#isClosed) this.#seal(waiting.length);
    return this.#transactions[0];
  }

  #seal(count: number): void {
    const id = this.#sender.nextTransactionId();
    this.#sender.commit({ kind: 'transaction', appservice: this.appservice.id, id, count });
  }

  #acknowledge(id: number): void {
    this.#sender.commit({ kind: 'acknowledged', appservice: this.appservice.id, id });
    this.#pause.reset();
    this.#isDown = this.#transactions.length > 0;
  }

  async #failed(delivery: Delivery): Promise<void> {
    this.#edus = [];
    this.#aside.clear();
    if (this.#isDown) this.#pause.lengthen();
    else this.#goDown();
    await this.#pause.wait();
    // Not as on Synapse: only where it was asked for.
    const mayGrow = !this.#isClosed && this.#queue.transactions.length > 1;
    if (mayGrow && delivery.happens('grow-transaction'))
      this.#sender.commit({ kind: 'grown', appservice: this.appservice.id });
  }

  #goDown(): void {
    this.#isDown = true;
    while (this.#queue.waiting.length > 0)
      this.#seal(Math.min(this.#queue.waiting.length, MAX_PER_TRANSACTION));
  }

  close(): void {
    this.#isClosed = true;
    this.#pause.end();
    this.client?.close();
  }
}
