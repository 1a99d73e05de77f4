import { BridgeError, type Effect } from '../adapter/errors.ts';
import type {
  Encoded,
  Handler,
  MatrixAction,
  MatrixActionKind,
  Part,
  Sent,
} from '../adapter/matrix-action.ts';
import type { RemoteMessageId, VoiceId } from '../model/remote-ids.ts';
import type { Delivery, Write } from '../ports/journal.ts';
import { stateWrites } from './adapter-state.ts';
import type { Context } from './context.ts';
import { withDeadline } from './deadline.ts';

/** A file may have to be uploaded in it. */
const ENCODE_MS = 10 * 60_000;
const SEND_MS = 2 * 60_000;
/** It may wait until all that was missed has come. */
const LOOKUP_MS = 2 * 60_000;

export interface Job<K extends MatrixActionKind> {
  readonly delivery: Delivery;
  readonly network: string;
  readonly voice: VoiceId;
  readonly action: MatrixAction<K>;
  readonly handler: Handler<K>;
}

/** `ids`: all that the network gave, in order. `writes`: for the commit that ends the delivery. */
export type Delivered =
  | {
      readonly as: 'delivered';
      readonly ids: readonly RemoteMessageId[];
      readonly writes: readonly Write[];
    }
  | { readonly as: 'unknown' };

/**
 * Carries out one delivery, from wherever a crash or a failure left it.
 *
 * @throws {BridgeError} When it is to be tried again later, or has failed: `advice` tells. The doubt
 *   on disk is cleared where the error says that nobody can have seen an effect.
 */
export const deliver = <K extends MatrixActionKind>(
  context: Context,
  job: Job<K>,
): Promise<Delivered> => new Attempt(context, job).run();

type Begun = NonNullable<Delivery['begun']>;

class Attempt<K extends MatrixActionKind> {
  readonly #context: Context;
  readonly #job: Job<K>;

  constructor(context: Context, job: Job<K>) {
    this.#context = context;
    this.#job = job;
  }

  async run(): Promise<Delivered> {
    const resumed = await this.#resume();
    if (resumed === 'unknown') return { as: 'unknown' };
    let { begun, inDoubt } = resumed;
    const sent: RemoteMessageId[] = [];
    const writes: Write[] = [];
    for (let index = 0; index < begun.parts.length; ) {
      // The last part's writes go into the commit that ends the delivery.
      await this.#commit(writes.splice(0));
      const known = begun.parts[index]?.ids;
      const result = known ? { ids: known, writes: [] } : await this.#part(begun, index, inDoubt);
      if (result === 'unknown') return { as: 'unknown' };
      // The doubt is about the first part without an answer.
      inDoubt &&= known !== undefined;
      if (result === 'stale') {
        begun = await this.#begin(true);
        continue;
      }
      sent.push(...result.ids);
      writes.push(...result.writes);
      index++;
    }
    return { as: 'delivered', ids: sent, writes };
  }

  /**
   * From wherever it was left, marked in doubt. What was begun with a voice that is gone since is begun
   * anew with another, unless it may have been sent: nobody can ask what became of it any more.
   */
  async #resume(): Promise<{ begun: Begun; inDoubt: boolean } | 'unknown'> {
    const { delivery, voice } = this.#job;
    const before = delivery.begun;
    const isOver = before?.parts.every(({ ids }) => ids) ?? false;
    if (before && (before.voice === voice || isOver)) {
      if (!before.inDoubt) await this.#doubt(true);
      return { begun: before, inDoubt: before.inDoubt };
    }
    if (before?.inDoubt) return 'unknown';
    return { begun: await this.#begin(before !== undefined), inDoubt: false };
  }

  /** @param isAnew Parts that were sent before stay as they are. */
  async #begin(isAnew: boolean): Promise<Begun> {
    const { delivery, voice, network } = this.#job;
    for (;;) {
      const built = await this.#encode();
      const parts = (built?.parts ?? [null]).map((wire, part) => ({
        key: this.#context.keys.part(delivery, part),
        wire,
      }));
      const atMs = this.#context.clock.now();
      const begun: Begun = { voice, inDoubt: true, atMs, parts };
      const write: Write = { kind: 'begun', delivery: delivery.id, voice, atMs, parts };
      const answer = await this.#context.storage.journal.commit([
        write,
        ...stateWrites(network, built?.save),
      ]);
      if (answer === 'written') return (isAnew && (await this.#now())?.begun) || begun;
    }
  }

  async #encode(): Promise<Encoded | undefined> {
    const { handler, action } = this.#job;
    if (!handler.encode) return undefined;
    return this.#call(ENCODE_MS, 'none', async (signal) => handler.encode?.(action, signal));
  }

  /** One part that has no answer yet: found to be there, or sent now. */
  async #part(begun: Begun, index: number, inDoubt: boolean) {
    const known = begun.parts[index];
    const part: Part<K> = {
      key: known?.key ?? '',
      action: this.#job.action,
      firstTriedAtMs: begun.atMs,
      ...(known?.wire && { wire: known.wire }),
    };
    const sent = await this.#settleOrSend(part, index, inDoubt);
    if (typeof sent === 'string') return sent;
    return { ids: sent.ids, writes: this.#written(index, sent) };
  }

  async #settleOrSend(part: Part<K>, index: number, inDoubt: boolean) {
    if (inDoubt && !this.#job.handler.dropsRepeats) {
      const found = await this.#settle(part, index);
      if (found === 'cannot-tell') return 'unknown';
      if (found !== 'absent') return found;
    }
    return this.#send(part, index);
  }

  async #send(part: Part<K>, index: number): Promise<Sent | 'stale' | 'unknown'> {
    const { handler } = this.#job;
    try {
      return await this.#call(SEND_MS, 'unknown', (signal) => handler.send(part, signal));
    } catch (error) {
      if (error instanceof BridgeError && error.code === 'stale') return 'stale';
      if (error instanceof BridgeError && error.effect === 'none') return this.#notSent(error);
      // What can be repeated or looked up is: at the next try, after a wait.
      if (handler.dropsRepeats || handler.lookup) throw error;
      const settled = await this.#settle(part, index);
      return typeof settled === 'string' ? 'unknown' : settled;
    }
  }

  async #notSent(error: BridgeError): Promise<never> {
    await this.#doubt(false);
    throw error;
  }

  /** What became of a part in doubt. An echo is on disk before a look-up may say `absent`, so the journal is asked last. */
  async #settle(part: Part<K>, index: number): Promise<Sent | 'absent' | 'cannot-tell'> {
    const { handler } = this.#job;
    const found = await this.#call(LOOKUP_MS, 'unknown', async (signal) =>
      handler.lookup ? handler.lookup(part, signal) : ('cannot-tell' as const),
    );
    const echoed = (await this.#now())?.begun?.parts[index]?.ids;
    return echoed ? { ids: echoed } : found;
  }

  #written(part: number, { ids, save }: Sent): Write[] {
    const sent: Write = { kind: 'part-sent', delivery: this.#job.delivery.id, part, ids };
    return [sent, ...stateWrites(this.#job.network, save)];
  }

  #call<T>(deadlineMs: number, effect: Effect, run: (signal: AbortSignal) => Promise<T>) {
    return withDeadline(this.#context.clock, { deadlineMs, effect }, run);
  }

  #now(): Promise<Delivery | undefined> {
    return this.#context.storage.journal.delivery(this.#job.delivery.id);
  }

  #doubt(is: boolean): Promise<unknown> {
    return this.#commit([{ kind: 'doubt', delivery: this.#job.delivery.id, is }]);
  }

  async #commit(writes: readonly Write[]): Promise<void> {
    if (writes.length > 0) await this.#context.storage.journal.commit(writes);
  }
}
