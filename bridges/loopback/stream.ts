import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  BridgeError,
  type ChatView,
  type Host,
  type RemoteEvent,
  type RemoteHint,
  type RemoteUserId,
  type StateChange,
} from '#adapter';
import type { Ask, Page } from './wire.ts';

const pollMs = 25_000;
const answerMs = 10_000;
const firstPauseMs = 100;
const longestPauseMs = 10_000;

/** What a page means, in the core's words. */
export interface Meaning {
  readonly events: readonly RemoteEvent[];
  readonly hints: readonly RemoteHint[];
  /** Who or what is no longer called what it was. */
  readonly changed: readonly ({ readonly user: RemoteUserId } | ChatView)[];
}

/**
 * Listens to everything, page by page, from where the last page ended.
 *
 * A page and the place where it ends are handed over together, so either both are on disk or
 * neither: after a crash the network is asked for the same page again, and no event is missed.
 */
export class Stream {
  readonly #host: Host<unknown>;
  readonly #ask: Ask;
  readonly #understand: (page: Page) => Promise<Meaning>;
  readonly #moved = new EventEmitter();
  #position = 0;

  constructor(host: Host<unknown>, ask: Ask, understand: (page: Page) => Promise<Meaning>) {
    this.#host = host;
    this.#ask = ask;
    this.#understand = understand;
    this.#moved.setMaxListeners(0);
  }

  /** From now on: what was said before the bridge came is not news. Does nothing at a later start. */
  async beginAt(end: number): Promise<void> {
    const { state } = this.#host;
    if (await state.get('cursor')) return;
    await state.save([state.change('cursor', Buffer.from(String(end)), null)]);
  }

  /** Resolves once `signal` has aborted, or the storage is broken: nothing more is read then. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#listen(signal).catch((cause: unknown) => {
      const error = new BridgeError('protocol', `stopped: ${cause}`, { effect: 'none', cause });
      this.#host.report({ is: 'failed', error });
    });
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { state } = this.#host;
    while (!signal.aborted) {
      const saved = await state.get('cursor');
      const after = Number(Buffer.from(saved ?? []).toString());
      this.#position = after;
      this.#moved.emit('moved');
      const page = await this.#nextPage(after, signal);
      if (!page) return;
      const { events, hints, changed } = await this.#understand(page);
      const place = state.change('cursor', Buffer.from(String(page.next)), saved ?? null);
      if (page.next !== after && !(await this.#handOver(events, place))) continue;
      for (const hint of hints) this.#host.hint(hint);
      for (const what of changed) this.#host.changed(what);
    }
  }

  /** Resolves once everything up to `seq` is in the core's hands. */
  async reached(seq: number, signal: AbortSignal): Promise<void> {
    while (this.#position < seq)
      await once(this.#moved, 'moved', { signal }).catch((cause) => {
        throw new BridgeError('unreachable', 'not caught up yet', { effect: 'unknown', cause });
      });
  }

  /** Whether it is on disk. If not, somebody else has read on meanwhile: begin from there. */
  async #handOver(events: readonly RemoteEvent[], place: StateChange): Promise<boolean> {
    try {
      await this.#host.emit(events, [place]);
      return true;
    } catch (error) {
      if (error instanceof BridgeError && error.code === 'stale') return false;
      throw error;
    }
  }

  /** Asks until there is an answer, ever less often. `undefined`: `signal` has aborted. */
  async #nextPage(after: number, signal: AbortSignal): Promise<Page | undefined> {
    for (let failures = 0; !signal.aborted; failures++) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(pollMs + answerMs)]);
      try {
        const page = await this.#ask<Page>(`GET /events?after=${after}&waitMs=${pollMs}`, patience);
        if (failures > 0) this.#host.report({ is: 'ready' });
        return page;
      } catch (error) {
        await this.#pause(error as BridgeError, failures, signal);
      }
    }
    return undefined;
  }

  async #pause(error: BridgeError, failures: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (failures === 0) this.#host.report({ is: 'failed', error });
    const longMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
    // Not all at the same moment, when many bridges lost the same network.
    const pauseMs = error.retryAfterMs ?? longMs * (0.5 + Math.random() / 2);
    await delay(pauseMs, undefined, { signal }).catch(() => {});
  }
}
