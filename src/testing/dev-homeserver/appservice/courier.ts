import { appserviceEvent } from '../room/client-event.ts';
import type { Entry } from '../room/event.ts';
import type { Typing } from '../typing.ts';
import type { Change, ReceiptChange } from '../world/change.ts';
import type { Transaction } from '../world/queues.ts';
import type { World } from '../world/world.ts';
import { type AppserviceAnswer, AppserviceClient, succeeded } from './client.ts';
import { type Edu, receiptEdu, typingEdu } from './ephemeral.ts';
import type { Appservice } from './registration.ts';

/** The sender, as far as a courier knows it. */
interface Sender {
  readonly world: World;
  readonly typing: Typing;
  commit(change: Change): void;
  nextTransactionId(): number;
  log(line: string): void;
}

const MAX_PER_TRANSACTION = 100;
/** So often a pause is doubled: on Synapse from two seconds to eight and a half minutes. */
const MOST_DOUBLINGS = 8;

/** How long an appservice is left alone after it failed. */
export interface Pauses {
  /** The first time. Each further pause is twice as long. */
  readonly retryBaseMs: number;
  /** No pause is longer. */
  readonly retryMaxMs: number;
}

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
  readonly #pauses: Pauses;
  #edus: Edu[] = [];
  #doublings = 0;
  #isDown: boolean;
  #isRunning = false;
  #isClosed = false;
  #endPause: (() => void) | undefined;

  constructor(sender: Sender, appservice: Appservice, pauses: Pauses) {
    this.appservice = appservice;
    this.#sender = sender;
    this.#pauses = pauses;
    const { url } = appservice;
    this.client = url === undefined ? undefined : new AppserviceClient(url, appservice);
    this.#isDown = this.#queue.transactions.length > 0;
  }

  get #queue() {
    return this.#sender.world.queues.of(this.appservice.id);
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  /** How many events it has not acknowledged. */
  get backlog(): number {
    const { transactions, waiting } = this.#queue;
    return transactions.reduce((sum, { entries }) => sum + entries.length, waiting.length);
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
    this.#endPause?.();
  }

  wake(): void {
    if (this.client === undefined || this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    this.#run(this.client).catch((error: unknown) =>
      this.#sender.log(`${this.appservice.id}: delivery broke off: ${String(error)}`),
    );
  }

  async #run(client: AppserviceClient): Promise<void> {
    try {
      // From before a restart.
      if (this.#isDown) await this.#pause();
      while (!this.#isClosed) {
        const next = this.#queue.transactions[0] ?? (await this.#makeTransaction(client));
        if (next === undefined) return;
        const edus = this.#isDown ? [] : this.#edus.splice(0, MAX_PER_TRANSACTION);
        if (await this.#deliver(client, next, edus)) this.#acknowledge(next.id);
        else await this.#failed();
      }
    } finally {
      // Here and not in a callback: whatever comes from now on must start a new run.
      this.#isRunning = false;
    }
  }

  #acknowledge(id: number): void {
    if (this.#isClosed) return;
    this.#sender.commit({ kind: 'acknowledged', appservice: this.appservice.id, id });
    this.#doublings = 0;
    this.#isDown = this.#queue.transactions.length > 0;
  }

  async #makeTransaction(client: AppserviceClient): Promise<Transaction | undefined> {
    const count = Math.min(this.#queue.waiting.length, MAX_PER_TRANSACTION);
    if (count === 0 && this.#edus.length === 0) return undefined;
    for (const entry of this.#queue.waiting.slice(0, count)) await this.#ask(client, entry);
    if (!this.#isClosed) this.#seal(count);
    return this.#queue.transactions[0];
  }

  /** Asks for a user of its namespace that an event mentions and nobody registered. */
  async #ask(client: AppserviceClient, { event }: Entry): Promise<void> {
    const named = event.type === 'm.room.member' ? [event.sender, event.state_key] : [event.sender];
    for (const userId of new Set(named))
      if (userId !== undefined && this.#isUnknownOwn(userId))
        await client.knows(`/users/${encodeURIComponent(userId)}`);
  }

  #isUnknownOwn(userId: string): boolean {
    const { world } = this.#sender;
    const { appservice } = this;
    return (
      userId !== appservice.sender && appservice.ownsUser(userId) && !world.accounts.has(userId)
    );
  }

  #seal(count: number): void {
    const id = this.#sender.nextTransactionId();
    this.#sender.commit({ kind: 'transaction', appservice: this.appservice.id, id, count });
  }

  async #deliver(
    client: AppserviceClient,
    { id, entries }: Transaction,
    edus: readonly Edu[],
  ): Promise<boolean> {
    const body: Record<string, unknown> = {
      events: entries.map((entry) => appserviceEvent(this.#sender.world, entry)),
    };
    if (edus.length > 0) for (const key of this.appservice.ephemeralKeys) body[key] = edus;
    return this.#put(client, `/transactions/${id}`, JSON.stringify(body));
  }

  async #put(client: AppserviceClient, path: string, body: string): Promise<boolean> {
    let answer: AppserviceAnswer | undefined;
    try {
      answer = await client.call('PUT', path, body);
    } catch (error) {
      if (!this.#isClosed) this.#sender.log(`${this.appservice.id} ${path}: ${String(error)}`);
    }
    return answer !== undefined && succeeded(answer);
  }

  async #failed(): Promise<void> {
    this.#edus = [];
    if (this.#isDown) this.#doublings = Math.min(this.#doublings + 1, MOST_DOUBLINGS);
    else this.#goDown();
    await this.#pause();
  }

  #goDown(): void {
    this.#isDown = true;
    this.#doublings = 0;
    while (this.#queue.waiting.length > 0 && !this.#isClosed)
      this.#seal(Math.min(this.#queue.waiting.length, MAX_PER_TRANSACTION));
  }

  async #pause(): Promise<void> {
    if (this.#isClosed) return;
    const { retryBaseMs, retryMaxMs } = this.#pauses;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(retryBaseMs * 2 ** this.#doublings, retryMaxMs));
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endPause = undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#endPause?.();
    this.client?.close();
  }
}
